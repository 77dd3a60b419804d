// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/support/mutate.h"

#include "core/base/byte_reader.h"
#include "core/base/der.h"
#include "core/ntlm/protocol.h"

// Only a program with libFuzzer has it; nobody mutates in the others.
extern "C" [[gnu::weak]] size_t LLVMFuzzerMutate(uint8_t*, size_t size, size_t) {
  return size;
}

namespace fuzz {
namespace {

using baresspi::Bytes;

struct Node {
  uint8_t tag = 0;
  bool has_children = false;
  Octets content;  // of a leaf
  std::vector<Node> children;
};

constexpr uint8_t kConstructed = 0x20;
constexpr unsigned kDeepest = 12;

// A level as elements; false when it is none, and so a leaf.
bool Parse(Bytes level, unsigned depth, std::vector<Node>* nodes) {
  while (!level.empty()) {
    Bytes content;
    const int tag = baresspi::DerNext(&level, &content);
    if (tag < 0) return false;
    Node node;
    node.tag = static_cast<uint8_t>(tag);
    // An OCTET STRING may hold another token.
    const bool opens = (tag & kConstructed) != 0 || tag == baresspi::kDerOctetString;
    node.has_children =
        opens && depth < kDeepest && !content.empty() && Parse(content, depth + 1, &node.children);
    if (!node.has_children) node.content.assign(content.begin(), content.end());
    nodes->push_back(std::move(node));
  }
  return true;
}

void Append(const Node& node, Octets* out) {
  Octets content = node.content;
  if (node.has_children) {
    content.clear();
    for (const Node& child : node.children) Append(child, &content);
  }
  uint8_t head[8];
  uint8_t* const end = head + sizeof head;
  uint8_t* at = end;
  size_t left = content.size();
  do {
    *--at = static_cast<uint8_t>(left);
    left >>= 8;
  } while (left != 0);
  if (content.size() >= 0x80) {
    const auto octets = static_cast<uint8_t>(end - at);
    *--at = 0x80 | octets;
  }
  *--at = node.tag;
  out->insert(out->end(), at, end);
  out->insert(out->end(), content.begin(), content.end());
}

void Collect(std::vector<Node>* level, std::vector<std::pair<std::vector<Node>*, size_t>>* places) {
  for (size_t i = 0; i < level->size(); ++i) {
    places->push_back({level, i});
    Collect(&(*level)[i].children, places);
  }
}

void MutateLeaf(Node* node, size_t max_size) {
  const size_t size = node->content.size();
  node->content.resize(std::min(size + 64, std::max(size, max_size)));
  if (node->content.empty()) node->content.resize(1);
  node->content.resize(LLVMFuzzerMutate(node->content.data(), size, node->content.size()));
}

}  // namespace

size_t MutateDer(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  std::vector<Node> tree;
  if (!Parse({data, size}, 0, &tree) || tree.empty()) return LLVMFuzzerMutate(data, size, max_size);
  std::vector<std::pair<std::vector<Node>*, size_t>> places;
  Collect(&tree, &places);
  const auto [level, index] = places[seed / 8 % places.size()];
  Node& node = (*level)[index];
  switch (seed % 8) {
    case 0:
      level->erase(level->begin() + static_cast<ptrdiff_t>(index));
      break;
    case 1:
      level->insert(level->begin() + static_cast<ptrdiff_t>(index), Node(node));
      break;
    case 2: {
      const auto [other, at] = places[seed / 128 % places.size()];
      const Node copy = (*other)[at];
      node = copy;
      break;
    }
    case 3:
      node.tag = static_cast<uint8_t>(node.tag ^ (1U << (seed / 128 % 8)));
      break;
    default:
      if (!node.has_children) MutateLeaf(&node, max_size);
  }
  Octets out;
  for (const Node& top : tree) Append(top, &out);
  if (out.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::copy(out.begin(), out.end(), data);
  return out.size();
}

void MendNtlm(uint8_t* message, size_t size, uint32_t type, const size_t* fields, size_t count) {
  if (size < baresspi::ntlm::kSignatureAndType) return;
  memcpy(message, "NTLMSSP", 8);
  baresspi::StoreU32le(message + 8, type);
  for (size_t i = 0; i < count; ++i) {
    if (fields[i] + baresspi::ntlm::kFieldsSize > size) break;
    uint8_t* field = message + fields[i];
    const uint32_t offset = baresspi::LoadU32le(field + 4) % static_cast<uint32_t>(size);
    const size_t length = std::min<size_t>(baresspi::LoadU16le(field), size - offset);
    baresspi::StoreU16le(field, static_cast<uint32_t>(length));
    baresspi::StoreU32le(field + 4, offset);
  }
}

}  // namespace fuzz
