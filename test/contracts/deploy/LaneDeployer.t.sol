// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Create3} from "@openzeppelin/contracts/utils/Create3.sol";

import {LaneTest} from "../support/LaneTest.sol";
import {ILaneDeployer} from "xdm/contracts/interfaces/ILaneDeployer.sol";

/// @notice Keeps what its constructor was given, and refuses zero.
contract Product {
    error Product_Zero();

    uint256 public immutable number;

    constructor(uint256 number_) payable {
        if (number_ == 0) revert Product_Zero();
        number = number_;
    }
}

contract LaneDeployerTest is LaneTest {
    bytes32 private constant SALT = "salt";

    ILaneDeployer private deployer;

    function setUp() public override {
        deployer = ILaneDeployer(_create("LaneDeployer", abi.encode(owner)));
        vm.deal(owner, 1 ether);
    }

    function test_DeploysWhereItSaid() public {
        address predicted = deployer.addressOf(SALT);
        assertEq(predicted, Create3.computeAddress(SALT, address(deployer)));
        assertEq(predicted.code.length, 0);

        assertEq(_deploy(SALT, 7), predicted);
        assertEq(Product(predicted).number(), 7);
        assertEq(deployer.addressOf(SALT), predicted);
    }

    function test_AnAddressDependsOnTheSaltAndTheDeployerAlone() public {
        address predicted = deployer.addressOf(SALT);
        ILaneDeployer other = ILaneDeployer(_create("LaneDeployer", abi.encode(owner)));
        assertNotEq(other.addressOf(SALT), predicted);
        assertNotEq(deployer.addressOf("other salt"), predicted);

        _deploy("other salt", 1);
        _deploy("third salt", 2);
        vm.prank(owner);
        assertEq(deployer.deploy(SALT, hex"600160005260206000f3"), predicted);
    }

    function test_ValueGoesToTheConstructor() public {
        vm.prank(owner);
        address product = deployer.deploy{value: 1 ether}(SALT, _creationCode(1));

        assertEq(product.balance, 1 ether);
        assertEq(address(deployer).balance, 0);
    }

    function test_RevertWhen_AnyoneButTheOwnerDeploys() public {
        assertEq(deployer.owner(), owner);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ILaneDeployer.LaneDeployer_NotOwner.selector, alice));
        deployer.deploy(SALT, _creationCode(1));
    }

    function test_RevertWhen_TheSaltWasUsed() public {
        address product = _deploy(SALT, 1);

        vm.expectRevert(abi.encodeWithSelector(ILaneDeployer.LaneDeployer_SaltUsed.selector, SALT, product));
        _deploy(SALT, 2);
        assertEq(Product(product).number(), 1);
    }

    function test_RevertWhen_TheConstructorDoes_AndTheSaltIsStillFree() public {
        vm.expectRevert(Product.Product_Zero.selector);
        _deploy(SALT, 0);

        _deploy(SALT, 1);
    }

    function _deploy(bytes32 salt, uint256 number) private returns (address) {
        bytes memory creationCode = _creationCode(number);
        vm.prank(owner);
        return deployer.deploy(salt, creationCode);
    }

    function _creationCode(uint256 number) private pure returns (bytes memory) {
        return abi.encodePacked(type(Product).creationCode, number);
    }
}
