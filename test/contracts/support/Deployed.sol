// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
import {IL1CrossDomainMessenger} from "xdm/contracts/interfaces/IL1CrossDomainMessenger.sol";
import {ISenderAllowlist} from "xdm/contracts/interfaces/ISenderAllowlist.sol";
import {IStateCommitmentChain} from "xdm/contracts/interfaces/IStateCommitmentChain.sol";

// The contracts as tests see them: by their interfaces and those of OpenZeppelin they inherit. Tests import no contract of
// L1/ or L2/: these are compiled through the IR, as they are deployed, and all that imports them would have to be, too,
// at several times the cost.

interface IOwned {
    function owner() external view returns (address);
    function transferOwnership(address newOwner) external;
    function acceptOwnership() external;
    function renounceOwnership() external;
}

interface IDeployedL1Messenger is IL1CrossDomainMessenger, IOwned {
    function paused() external view returns (bool);
}

interface IDeployedStateCommitmentChain is IStateCommitmentChain, IOwned {}

interface IDeployedSenderAllowlist is ISenderAllowlist, IOwned {}
