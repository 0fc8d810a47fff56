/// The errors of several files, so that a person can mend them together.
#pragma once

#include "base/result.hpp"
#include "formats/findings.hpp"

#include <vector>

namespace allot::app {

class Errors {
  public:
    void add(Error error) { all_.push_back(std::move(error)); }
    void add(const formats::Findings& findings) {
        if (!findings.empty()) {
            add(findings.error());
        }
    }
    /// The value, or an empty one once the error is noted.
    template <class T>
    T value_of(Result<T> result) {
        if (!result) {
            add(std::move(result).error());
            return T();
        }
        return *std::move(result);
    }
    /// All messages; of a kind other than `invalid` if one is. Fine if there are none.
    [[nodiscard]] Result<void> check() const {
        if (all_.empty()) {
            return {};
        }
        Error together;
        for (const Error& error : all_) {
            together.message += (together.message.empty() ? "" : "\n") + error.message;
            together.kind = error.kind == ErrorKind::invalid ? together.kind : error.kind;
        }
        return std::unexpected(together);
    }

  private:
    std::vector<Error> all_;
};

} // namespace allot::app
