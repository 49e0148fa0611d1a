// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Breaks proofs in random ways.
library ProofMutator {
    enum Way {
        ChangeByte,
        DropNode,
        DuplicateNode,
        SwapNodes,
        AppendNode,
        TruncateNode,
        ExtendNode
    }

    uint256 internal constant WAYS = 7;

    /// @notice A proof that differs from the given one, if its nodes all differ. No node is cut to nothing: packed, it
    /// would only be missing.
    function mutate(bytes[] memory nodes, Way way, uint256 seed) internal pure returns (bytes[] memory) {
        uint256 place = uint256(keccak256(abi.encode(seed, "place"))) % nodes.length;
        if (way == Way.DropNode) return _without(nodes, place);
        if (way == Way.DuplicateNode) return _with(nodes, place, nodes[place]);
        if (way == Way.AppendNode) return _with(nodes, nodes.length, nodes[place]);
        if (way == Way.SwapNodes && nodes.length > 1) return _swapped(nodes, place, (place + 1) % nodes.length);

        bytes[] memory mutated = _with(_without(nodes, place), place, nodes[place]);
        if (way == Way.TruncateNode) mutated[place] = _cut(nodes[place], 0, 1 + seed % (nodes[place].length - 1));
        else if (way == Way.ExtendNode) mutated[place] = bytes.concat(nodes[place], _likelyByte(seed));
        else mutated[place] = changeByte(nodes[place], seed);
        return mutated;
    }

    /// @notice Changes one byte, often to one that has a meaning.
    function changeByte(bytes memory node, uint256 seed) internal pure returns (bytes memory mutated) {
        mutated = bytes.concat(node);
        uint256 place = uint256(keccak256(abi.encode(seed, "byte"))) % node.length;
        bytes1 value = seed % 2 == 0 ? bytes1(uint8(seed >> 8)) : _likelyByte(seed);
        mutated[place] = value == node[place] ? ~value : value;
    }

    /// @notice Inserts or removes bytes.
    function resize(bytes memory node, uint256 seed) internal pure returns (bytes memory) {
        uint256 place = uint256(keccak256(abi.encode(seed, "resize"))) % node.length;
        if (seed % 2 == 0) {
            return bytes.concat(_cut(node, 0, place), _likelyByte(seed), _cut(node, place, node.length));
        }
        uint256 length = seed % 3 == 0 ? 33 : 1;
        uint256 next = place + length < node.length ? place + length : node.length;
        return bytes.concat(_cut(node, 0, place), _cut(node, next, node.length));
    }

    /// @notice Replaces a node, and the names of it and of all nodes above it, so that the proof is authentic again.
    /// @return mutated The nodes.
    /// @return root Hash of the new root node.
    function replace(bytes[] memory nodes, uint256 place, bytes memory node)
        internal
        pure
        returns (bytes[] memory mutated, bytes32 root)
    {
        mutated = _with(_without(nodes, place), place, node);
        for (uint256 i = place; i > 0; --i) {
            mutated[i - 1] = _renamed(nodes[i - 1], _name(nodes[i]), _nameLike(nodes[i], mutated[i]));
        }
        root = keccak256(mutated[0]);
    }

    function _name(bytes memory node) private pure returns (bytes memory) {
        return node.length < 32 ? node : abi.encodePacked(keccak256(node));
    }

    /// @dev A parent holds a node by its hash or as it is; which of the two does not change with the node.
    function _nameLike(bytes memory former, bytes memory node) private pure returns (bytes memory) {
        return former.length < 32 ? node : abi.encodePacked(keccak256(node));
    }

    function _renamed(bytes memory parent, bytes memory from, bytes memory to) private pure returns (bytes memory) {
        for (uint256 i = 0; i + from.length <= parent.length; ++i) {
            bytes memory part = _cut(parent, i, i + from.length);
            if (keccak256(part) == keccak256(from)) {
                return bytes.concat(_cut(parent, 0, i), to, _cut(parent, i + from.length, parent.length));
            }
        }
        revert("the parent does not name the node");
    }

    function _without(bytes[] memory nodes, uint256 place) private pure returns (bytes[] memory fewer) {
        fewer = new bytes[](nodes.length - 1);
        for (uint256 i = 0; i < fewer.length; ++i) {
            fewer[i] = nodes[i < place ? i : i + 1];
        }
    }

    function _with(bytes[] memory nodes, uint256 place, bytes memory node) private pure returns (bytes[] memory more) {
        more = new bytes[](nodes.length + 1);
        for (uint256 i = 0; i < more.length; ++i) {
            more[i] = i == place ? node : nodes[i < place ? i : i - 1];
        }
    }

    function _swapped(bytes[] memory nodes, uint256 a, uint256 b) private pure returns (bytes[] memory swapped) {
        swapped = new bytes[](nodes.length);
        for (uint256 i = 0; i < nodes.length; ++i) {
            swapped[i] = nodes[i == a ? b : i == b ? a : i];
        }
    }

    function _cut(bytes memory data, uint256 start, uint256 end) private pure returns (bytes memory part) {
        part = new bytes(end - start);
        for (uint256 i = 0; i < part.length; ++i) {
            part[i] = data[start + i];
        }
    }

    /// @dev A byte that means something in a node: a prefix, a header or a flag.
    function _likelyByte(uint256 seed) private pure returns (bytes1) {
        bytes16 likely = hex"00201030407f80819fa0a1b8c0d1f8f9";
        return likely[(seed >> 16) % 16];
    }
}
