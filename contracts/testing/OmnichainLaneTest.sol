// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IOmnichainService} from "../omnichain/interfaces/IOmnichainService.sol";
import {OmnichainAttempt, TestOmnichainLane} from "./TestOmnichainLane.sol";
import {WithoutPrank} from "./WithoutPrank.sol";

/// @title Omnichain lane test
/// @notice Base for Forge tests of contracts that live on several chains of an omnichain lane. The services of chain A, of the
/// relay chain and of chain B are there before `setUp`, in one EVM. Nothing is delivered until a test relays:
///
///     contract OmnichainGreeterTest is OmnichainLaneTest {
///         function test_Greets() public {
///             vm.chainId(chainA);                          // where the next call is made
///             onA.greet{value: 1 ether}("hello");          // sends a message by serviceA
///             relay();                                     // over the relay chain to chain B
///             assertEq(onB.greeting(), "hello");
///         }
///     }
///
/// The services are the real ones: a target that has not allowed the sender, that reverts or runs out of the message's gas
/// limit does not make `relay` revert. The message is recorded as failed, and `retry` tries it again. A message costs
/// `FEE_PER_MESSAGE` and `FEE_PER_GAS` of the lane, unless the lane's `owner` sets another fee. {TestOmnichainLane} says what is
/// simulated: light clients.
///
/// With `isolate = true` in foundry.toml each relaying call is a transaction of its own, so that gas is counted as on a chain;
/// without, what an earlier step of the test has touched is cheaper.
///
/// Each function makes one call to the lane, so `vm.expectEmit` and `vm.expectRevert` before it have the effect they seem
/// to have. A prank that was started does not apply to it.
abstract contract OmnichainLaneTest is WithoutPrank {
    /// @notice The lane between the chains.
    TestOmnichainLane internal immutable lane;

    /// @notice Chain ids.
    uint256 internal immutable chainA;
    uint256 internal immutable relayChain;
    uint256 internal immutable chainB;

    /// @notice The service of each chain.
    IOmnichainService internal immutable serviceA;
    IOmnichainService internal immutable relayService;
    IOmnichainService internal immutable serviceB;

    constructor() {
        lane = new TestOmnichainLane();
        (chainA, relayChain, chainB) = (lane.CHAIN_A_ID(), lane.RELAY_CHAIN_ID(), lane.CHAIN_B_ID());
        serviceA = lane.serviceOf(chainA);
        relayService = lane.serviceOf(relayChain);
        serviceB = lane.serviceOf(chainB);
    }

    /// @notice Takes all messages that were sent as far as they go, in order.
    /// @return attempts What came of each; no failure makes it revert.
    function relay() internal withoutPrank returns (OmnichainAttempt[] memory attempts) {
        return lane.relay();
    }

    /// @notice Tries a message again whose target has failed, with all the gas of a transaction; from the relay chain it goes on
    /// then.
    /// @param orderId What `transferOut` returned, or `orderId` of an attempt.
    /// @return attempt What came of it.
    function retry(bytes32 orderId) internal withoutPrank returns (OmnichainAttempt memory attempt) {
        return lane.retry(orderId);
    }
}
