// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of all targets: FOLDER/TARGET/NUMBER.
#include <stdio.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "tests/fuzz/seeds/seeds.h"

namespace seeds {
namespace {

std::filesystem::path folder;
std::map<std::string, unsigned> written;

std::vector<void (*)()>& Sources() {
  static std::vector<void (*)()> sources;
  return sources;
}

}  // namespace

Source::Source(void (*write)()) {
  Sources().push_back(write);
}

void Write(const char* target, const Octets& input) {
  std::filesystem::create_directories(folder / target);
  std::ofstream file(folder / target / std::to_string(++written[target]), std::ios::binary);
  file.write(reinterpret_cast<const char*>(input.data()), static_cast<std::streamsize>(input.size()));
}

}  // namespace seeds

int main(int count, char** arguments) {
  if (count != 2) return fprintf(stderr, "usage: %s FOLDER\n", arguments[0]), 2;
  seeds::folder = arguments[1];
  for (const auto write : seeds::Sources()) write();
  for (const auto& [target, number] : seeds::written) printf("%s %u\n", target.c_str(), number);
  return 0;
}
