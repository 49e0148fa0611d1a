// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ENVELOPE_VERSION, Envelope, RELAYED_VERSION} from "../types/Envelope.sol";
import {StrictABI} from "./StrictABI.sol";

/// @title Envelope codec
/// @notice Writes envelopes, and reads them from the one encoding that each has.
library EnvelopeCodec {
    using StrictABI for bytes;

    /// @notice Thrown when bytes are not the encoding of an envelope of their version.
    error EnvelopeCodec_Malformed();

    /// @notice Thrown when there is no such version.
    error EnvelopeCodec_UnknownVersion(uint256 version);

    uint256 private constant DESTINATION_SERVICE = 0x20;
    uint256 private constant NONCE = 0x40;
    uint256 private constant MESSAGE_DATA_OFFSET = 0x60;
    uint256 private constant ORIGINAL_HASH = 0x80;

    /// @notice Version 1 or 2, as the envelope says.
    function encode(Envelope memory envelope) internal pure returns (bytes memory) {
        if (envelope.version == ENVELOPE_VERSION) {
            return abi.encode(ENVELOPE_VERSION, envelope.destinationService, envelope.nonce, envelope.messageData);
        }
        return abi.encode(
            envelope.version, envelope.destinationService, envelope.nonce, envelope.messageData, envelope.originalHash
        );
    }

    /// @notice The envelope. Its message data lies within `encoded`.
    function decodeEnvelope(bytes memory encoded) internal pure returns (Envelope memory envelope) {
        if (encoded.length < ORIGINAL_HASH) revert EnvelopeCodec_Malformed();
        envelope.version = encoded.word(0);
        bool isRelayed = envelope.version == RELAYED_VERSION;
        if (!isRelayed && envelope.version != ENVELOPE_VERSION) revert EnvelopeCodec_UnknownVersion(envelope.version);

        uint256 messageData = isRelayed ? ORIGINAL_HASH + 32 : ORIGINAL_HASH;
        uint256 service = encoded.word(DESTINATION_SERVICE);
        if (
            !encoded.endsWithBytes(messageData) || encoded.word(MESSAGE_DATA_OFFSET) != messageData
                || service > type(uint160).max
        ) revert EnvelopeCodec_Malformed();

        envelope.destinationService = address(uint160(service));
        envelope.nonce = encoded.word(NONCE);
        envelope.messageData = encoded.inner(messageData);
        envelope.originalHash = isRelayed ? bytes32(encoded.word(ORIGINAL_HASH)) : keccak256(envelope.messageData);
    }
}
