// SPDX-License-Identifier: BSL-1.0
// Fields of a JSON case, with errors that say which case and which field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <sotto/srtp/header_extension.hpp>
#include <string>
#include <utility>
#include <vector>

#include "bytes.hpp"

namespace vectors {

using nlohmann::json;

/// A case of a file. Refers to the parsed file, which must outlive it.
class json_case {
 public:
  json_case(const json& node, std::string id) : node_(&node), id_(std::move(id)) {
    if (!node.is_object()) throw malformed(id_ + ": not an object");
  }

  const std::string& id() const { return id_; }
  bool has(const char* name) const { return node_->contains(name) && !(*node_)[name].is_null(); }

  const json& field(const char* name) const {
    const auto it = node_->find(name);
    if (it == node_->end()) throw malformed(id_ + ": no field \"" + name + '"');
    return *it;
  }
  std::string text(const char* name) const {
    const json& f = field(name);
    if (!f.is_string()) throw malformed(where(name) + " isn't a string");
    return f.get<std::string>();
  }
  bytes hex(const char* name) const { return from_hex(text(name), where(name)); }
  /// Hex that must have one length.
  bytes hex(const char* name, std::size_t len) const {
    bytes out = hex(name);
    if (out.size() != len) throw malformed(where(name) + " hasn't " + std::to_string(len) + " bytes");
    return out;
  }
  /// A JSON number or a hex string: both spellings are in use for indices.
  std::uint64_t number(const char* name) const {
    const json& f = field(name);
    if (f.is_string()) return to_number(hex(name), where(name));
    if (!f.is_number_unsigned()) throw malformed(where(name) + " isn't a number without sign");
    return f.get<std::uint64_t>();
  }
  bool flag(const char* name) const {
    const json& f = field(name);
    if (!f.is_boolean()) throw malformed(where(name) + " isn't true or false");
    return f.get<bool>();
  }
  std::vector<std::string> field_names() const {
    std::vector<std::string> names;
    for (const auto& entry : node_->items()) names.push_back(entry.key());
    return names;
  }
  const json& array(const char* name) const {
    const json& f = field(name);
    if (!f.is_array()) throw malformed(where(name) + " isn't an array");
    return f;
  }
  /// An array of IDs of header extension elements (RFC 8285).
  sotto::srtp::extension_ids extension_ids(const char* name) const {
    sotto::srtp::extension_ids ids;
    for (const json& id : array(name)) {
      if (!id.is_number_unsigned() || id.get<std::uint64_t>() < 1 || id.get<std::uint64_t>() > 255)
        throw malformed(where(name) + " holds something else than IDs from 1 to 255");
      ids.add(id.get<std::uint8_t>());
    }
    return ids;
  }

 private:
  std::string where(const char* name) const { return id_ + ": \"" + name + '"'; }

  const json* node_;
  std::string id_;
};

/// The cases of {"vectors": […]}, each named by its place and its source.
inline std::vector<json_case> cases_of(const json& file) {
  std::vector<json_case> cases;
  for (const json& node : file.at("vectors")) {
    std::string id = "vector " + std::to_string(cases.size() + 1);
    if (node.is_object() && node.contains("source") && node["source"].is_string())
      id += " (" + node["source"].get<std::string>() + ')';
    cases.emplace_back(node, std::move(id));
  }
  return cases;
}

}  // namespace vectors
