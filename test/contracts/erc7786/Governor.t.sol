// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Mode} from "@openzeppelin/contracts/account/utils/draft-ERC7579Utils.sol";
import {CrosschainRemoteExecutor} from "@openzeppelin/contracts/crosschain/CrosschainRemoteExecutor.sol";
import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorCrosschain} from "@openzeppelin/contracts/governance/extensions/GovernorCrosschain.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {GatewayTest} from "../support/GatewayTest.sol";
import {PlainToken} from "../support/crosschain/PlainToken.sol";
import {Attempt} from "xdm/contracts/testing/TestLane.sol";

/// @notice OpenZeppelin's governor on L1 decides what its executor does on L2.
contract GatewayGovernorTest is GatewayTest {
    Parliament private governor;
    CrosschainRemoteExecutor private executor;
    PlainToken private treasury;

    function setUp() public override {
        super.setUp();
        vm.chainId(L1_CHAIN_ID);
        Seats seats = new Seats(alice);
        governor = new Parliament(seats);
        vm.prank(alice);
        seats.delegate(alice);
        vm.roll(vm.getBlockNumber() + 1);
        executor = new CrosschainRemoteExecutor(address(l2Gateway), _onL1(address(governor)));
        treasury = new PlainToken(address(executor), 1000);
    }

    function test_AVoteOnL1MovesWhatTheExecutorHoldsOnL2() public {
        bytes memory payment = abi.encodeCall(ERC20.transfer, (alice, 7));
        _decide(abi.encodePacked(treasury, uint256(0), payment));
        assertEq(treasury.balanceOf(alice), 0);

        assertTrue(_relayOneToL2().success);
        assertEq(treasury.balanceOf(alice), 7);
    }

    function test_ADecisionThatFailsOnL2CanBeCarriedOutLater() public {
        bytes memory payment = abi.encodeCall(ERC20.transfer, (alice, 1001));
        _decide(abi.encodePacked(treasury, uint256(0), payment));
        Attempt memory attempt = _relayOneToL2();
        assertFalse(attempt.success);

        deal(address(treasury), address(executor), 1001);
        assertTrue(replayOnL2(attempt.messageHash).success);
        assertEq(treasury.balanceOf(alice), 1001);
    }

    /// @dev Proposes, votes for and executes one call on L2.
    function _decide(bytes memory executionCalldata) private {
        address[] memory targets = new address[](1);
        bytes[] memory calls = new bytes[](1);
        targets[0] = address(governor);
        calls[0] = abi.encodeCall(
            governor.relayCrosschain,
            (address(l1Gateway), _onL2(address(executor)), Mode.wrap(bytes32(0)), executionCalldata)
        );
        vm.chainId(L1_CHAIN_ID);
        vm.startPrank(alice);
        uint256 proposal = governor.propose(targets, new uint256[](1), calls, "pay");
        vm.roll(vm.getBlockNumber() + governor.votingDelay() + 1);
        governor.castVote(proposal, uint8(GovernorCountingSimple.VoteType.For));
        vm.roll(vm.getBlockNumber() + governor.votingPeriod());
        governor.execute(targets, new uint256[](1), calls, keccak256("pay"));
        vm.stopPrank();
    }
}

contract Seats is ERC20Votes {
    constructor(address holder) ERC20("Seats", "SEAT") EIP712("Seats", "1") {
        _mint(holder, 100);
    }
}

contract Parliament is GovernorCountingSimple, GovernorVotes, GovernorCrosschain {
    constructor(IVotes seats) Governor("Parliament") GovernorVotes(seats) {}

    function votingDelay() public pure override returns (uint256) {
        return 1;
    }

    function votingPeriod() public pure override returns (uint256) {
        return 10;
    }

    function quorum(uint256) public pure override returns (uint256) {
        return 51;
    }
}
