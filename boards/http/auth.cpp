// SPDX-License-Identifier: Apache-2.0
#include "boards/http/auth.h"

namespace http {
namespace {

// Takes the next element off a list whose commas may also stand in quoted strings.
Text TakeElement(Text* list) {
  bool quoted = false;
  size_t i = 0;
  for (; i < list->size && (quoted || (*list)[i] != ','); ++i) {
    if ((*list)[i] == '"') quoted = !quoted;
    if (quoted && (*list)[i] == '\\') ++i;
  }
  const Text element = Trim(list->First(i));
  *list = list->From(i + 1);
  return element;
}

Scheme SchemeNamed(Text name) {
  if (EqualIgnoringCase(name, NameOf(Scheme::kNegotiate))) return Scheme::kNegotiate;
  if (EqualIgnoringCase(name, NameOf(Scheme::kNtlm))) return Scheme::kNtlm;
  return Scheme::kNone;
}

}  // namespace

const char* NameOf(Scheme scheme) {
  return scheme == Scheme::kNegotiate ? "Negotiate" : scheme == Scheme::kNtlm ? "NTLM" : "none";
}

const char* ChallengeField(Place place) {
  return place == Place::kServer ? "WWW-Authenticate" : "Proxy-Authenticate";
}

const char* AuthorizationField(Place place) {
  return place == Place::kServer ? "Authorization" : "Proxy-Authorization";
}

bool FindChallenge(const Message& response, Place place, Scheme scheme, Text* token) {
  *token = {};
  bool found = false;
  FieldReader fields(response.fields);
  Text list;
  while (fields.Next(ChallengeField(place), &list)) {
    while (!list.empty()) {
      // A parameter of another scheme has "=" in its first word, and so is no scheme of ours.
      const Text element = TakeElement(&list);
      const size_t blank = element.Find(' ');
      if (SchemeNamed(element.First(blank)) != scheme) continue;
      found = true;
      if (token->empty()) *token = Trim(element.From(blank));
    }
  }
  return found;
}

bool FindAuthorization(const Message& request, Place place, Scheme* scheme, Text* token) {
  *scheme = Scheme::kNone;
  *token = {};
  FieldReader fields(request.fields);
  Text value;
  if (!fields.Next(AuthorizationField(place), &value)) return true;
  const size_t blank = value.Find(' ');
  *scheme = SchemeNamed(value.First(blank));
  *token = Trim(value.From(blank));
  return !fields.Next(AuthorizationField(place), &value) && (*scheme == Scheme::kNone || !token->empty());
}

}  // namespace http
