/// Reads the fields of a form into types, and notes what is wrong with each, all at once.
#pragma once

#include "platform/http/form.hpp"
#include "platform/pages/answer.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::pages {

enum class Need : std::uint8_t { optional, required };

/// For one form, on one thread. What it gives back is what was typed, cleaned: the page shows it
/// again where something is wrong.
class FormReader {
  public:
    explicit FormReader(const http::Form& form) : form_(form) {}

    /// One line: white space inside runs together, none at the ends. Too long: noted, in
    /// characters as people count them (code points).
    [[nodiscard]] std::string line(std::string_view field, std::size_t most,
                                   Need need = Need::optional);
    /// Several lines, joined by LF.
    [[nodiscard]] std::string prose(std::string_view field, std::size_t most,
                                    Need need = Need::optional);
    /// A box that was ticked.
    [[nodiscard]] bool ticked(std::string_view field) const;
    /// All boxes of one name that were ticked, those of `allowed` only.
    [[nodiscard]] std::vector<std::string> several(std::string_view field,
                                                   std::span<const std::string_view> allowed);
    /// One of `allowed`; the first of them and a note where it is none.
    [[nodiscard]] std::string choice(std::string_view field,
                                     std::span<const std::string_view> allowed);

    void note(std::string_view field, std::string_view words,
              std::vector<std::pair<std::string, std::string>> given = {});
    [[nodiscard]] bool good() const { return problems_.empty(); }
    [[nodiscard]] std::vector<FieldProblem> problems() const { return problems_; }

  private:
    [[nodiscard]] std::string_view raw(std::string_view field) const;
    void check_length(std::string_view field, std::string_view text, std::size_t most, Need need);

    const http::Form& form_;
    std::vector<FieldProblem> problems_;
};

} // namespace allot::pages
