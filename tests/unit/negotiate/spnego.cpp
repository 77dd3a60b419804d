// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/negotiate/spnego.h"

#include <gtest/gtest.h>

namespace negotiate_test {
namespace {

constexpr uint8_t Numbered(unsigned number) {
  return static_cast<uint8_t>(0xA0 + number);
}

Octets Length(size_t size, unsigned octets) {
  Octets length = {static_cast<uint8_t>(0x80 | octets)};
  for (unsigned i = octets; i != 0; --i)
    length.push_back(static_cast<uint8_t>(uint64_t{size} >> (8 * (i - 1))));
  return length;
}

// Takes the element off the front of *rest; the test fails when it has another tag or does not fit.
Octets Open(uint8_t tag, Octets* rest) {
  if (rest->size() < 2 || (*rest)[0] != tag) {
    ADD_FAILURE() << "no element " << unsigned{tag} << " in " << ntlm_test::Hex(*rest);
    return {};
  }
  size_t head = 2;
  size_t size = (*rest)[1];
  if (size > 0x80) {
    const size_t octets = size - 0x80;
    size = 0;
    for (size_t i = 0; i < octets && head < rest->size(); ++i) size = size << 8 | (*rest)[head++];
  }
  if (size > rest->size() - head) {
    ADD_FAILURE() << "element " << unsigned{tag} << " runs over the end";
    size = rest->size() - head;
  }
  const Octets content = Part(*rest, head, size);
  *rest = Part(*rest, head + size);
  return content;
}

// The element in [number], when the next one is that.
std::optional<Octets> OpenField(unsigned number, uint8_t tag, Octets* rest) {
  if (rest->empty() || (*rest)[0] != Numbered(number)) return {};
  Octets field = Open(Numbered(number), rest);
  if (tag == 0) return field;
  const Octets content = Open(tag, &field);
  EXPECT_TRUE(field.empty());
  return content;
}

Octets Field(unsigned number, uint8_t tag, const Octets& content) {
  return Der(Numbered(number), Der(tag, content));
}

}  // namespace

const Octets kSpnego = FromHex("2b0601050502");
const Octets kNtlm = FromHex("2b06010401823702020a");
const Octets kKerberos = FromHex("2a864886f712010202");
const Octets kMsKerberos = FromHex("2a864882f712010202");
const Octets kNegoex = FromHex("2b06010401823702021e");

Octets Der(uint8_t tag, const Octets& content) {
  unsigned octets = 0;
  if (content.size() > 0x7F) {
    for (size_t left = content.size(); left != 0; left >>= 8) ++octets;
  }
  return DerLong(tag, content, octets);
}

Octets DerLong(uint8_t tag, const Octets& content, unsigned octets) {
  const Octets length =
      octets == 0 ? Octets{static_cast<uint8_t>(content.size())} : Length(content.size(), octets);
  return Join({{tag}, length, content});
}

Octets MechTypes(const std::vector<Octets>& oids) {
  Octets list;
  for (const Octets& oid : oids) list = Join({list, Der(0x06, oid)});
  return Der(0x30, list);
}

Octets Framed(const Octets& oid, const Octets& inner) {
  return Der(0x60, Join({Der(0x06, oid), inner}));
}

Octets Make(const Init& init) {
  Octets fields = Der(Numbered(0), init.mech_types);
  if (init.flags) fields = Join({fields, Field(1, 0x03, *init.flags)});
  if (init.token) fields = Join({fields, Field(2, 0x04, *init.token)});
  if (init.hint) {
    fields = Join({fields, Field(3, 0x30, Field(0, 0x1B, ntlm_test::Ascii(*init.hint)))});
  }
  if (init.mic) fields = Join({fields, Field(init.hint ? 4 : 3, 0x04, *init.mic)});
  const Octets choice = Der(Numbered(0), Der(0x30, Join({fields, init.more})));
  return init.framed ? Framed(kSpnego, choice) : choice;
}

Octets Make(const Resp& resp) {
  Octets fields;
  if (resp.state >= 0) fields = Field(0, 0x0A, {static_cast<uint8_t>(resp.state)});
  if (resp.mech) fields = Join({fields, Field(1, 0x06, *resp.mech)});
  if (resp.token) fields = Join({fields, Field(2, 0x04, *resp.token)});
  if (resp.mic) fields = Join({fields, Field(3, 0x04, *resp.mic)});
  return Der(Numbered(1), Der(0x30, Join({fields, resp.more})));
}

Init ReadInit(const Octets& token) {
  Init init;
  Octets rest = token;
  Octets frame = Open(0x60, &rest);
  EXPECT_EQ(ntlm_test::Hex(Open(0x06, &frame)), ntlm_test::Hex(kSpnego));
  Octets choice = Open(Numbered(0), &frame);
  Octets fields = Open(0x30, &choice);
  init.mech_types = OpenField(0, 0, &fields).value_or(Octets());
  init.flags = OpenField(1, 0x03, &fields);
  init.token = OpenField(2, 0x04, &fields);
  if (fields.size() > 2 && fields[0] == Numbered(3) && fields[2] == 0x30) {
    Octets hints = *OpenField(3, 0x30, &fields);
    const Octets name = OpenField(0, 0x1B, &hints).value_or(Octets());
    init.hint = std::string(name.begin(), name.end());
  }
  init.mic = OpenField(init.hint ? 4 : 3, 0x04, &fields);
  EXPECT_EQ(ntlm_test::Hex(Make(init)), ntlm_test::Hex(token));
  return init;
}

Resp ReadResp(const Octets& token) {
  Resp resp;
  Octets rest = token;
  Octets choice = Open(Numbered(1), &rest);
  Octets fields = Open(0x30, &choice);
  const std::optional<Octets> state = OpenField(0, 0x0A, &fields);
  if (state && state->size() == 1) resp.state = (*state)[0];
  resp.mech = OpenField(1, 0x06, &fields);
  resp.token = OpenField(2, 0x04, &fields);
  resp.mic = OpenField(3, 0x04, &fields);
  EXPECT_EQ(ntlm_test::Hex(Make(resp)), ntlm_test::Hex(token));
  return resp;
}

}  // namespace negotiate_test
