/// A statement and what goes in and out of it: the only words in which rooms speak to a database.
#pragma once

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/world.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace allot::store {

/// One SQL text for SQLite and PostgreSQL, with the placeholders $1 to $n, each of which may stand
/// in it several times. A literal of the program, so that nothing that somebody typed can become
/// SQL; each connection prepares it once and keeps it.
class Statement {
  public:
    template <std::size_t n>
    // NOLINTNEXTLINE(google-explicit-constructor): a literal is a statement
    consteval Statement(const char (&sql)[n]) : sql_(sql, n - 1) {}
    [[nodiscard]] constexpr std::string_view sql() const { return sql_; }

  private:
    friend class TableSql; ///< writes statements from the names that the program declares
    explicit Statement(const std::string& sql) : sql_(sql) {}
    std::string_view sql_;
};

/// What crosses the border: whole numbers, real numbers, text, nothing. Truth values are 0 and 1,
/// moments are microseconds since 1970, days are days since 1970, bytes are base64url.
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

/// Anything that a statement can be given.
class Bound {
  public:
    explicit Bound(Value value) : value_(std::move(value)) {}
    Bound(std::int64_t n) : value_(n) {}
    Bound(std::signed_integral auto n) : value_(std::int64_t{n}) {}
    Bound(bool truth) : value_(std::int64_t{truth ? 1 : 0}) {}
    Bound(double x) : value_(x) {}
    Bound(std::string_view text) : value_(std::string(text)) {}
    Bound(const char* text) : value_(std::string(text)) {}
    Bound(const std::string& text) : value_(text) {}
    Bound(std::nullopt_t) {}
    Bound(Moment at) : value_(std::int64_t{at.time_since_epoch().count()}) {}
    Bound(std::chrono::sys_days day) : value_(std::int64_t{day.time_since_epoch().count()}) {}
    template <class Tag>
    Bound(const Id<Tag>& id) : value_(id.text()) {}
    template <class T>
    Bound(const std::optional<T>& maybe) {
        if (maybe) {
            value_ = Bound(*maybe).value_;
        }
    }
    [[nodiscard]] const Value& value() const { return value_; }

  private:
    Value value_;
};

/// One row of an answer. A column is asked for in the type that the statement gives it; another
/// type, or nothing where something was expected, is a broken invariant of ours and aborts.
class Row {
  public:
    explicit Row(std::vector<Value> columns) : columns_(std::move(columns)) {}
    [[nodiscard]] bool is_null(std::size_t column) const;
    [[nodiscard]] std::int64_t integer(std::size_t column) const;
    [[nodiscard]] bool truth(std::size_t column) const { return integer(column) != 0; }
    [[nodiscard]] double real(std::size_t column) const; ///< also of a whole number
    [[nodiscard]] const std::string& text(std::size_t column) const;
    [[nodiscard]] std::optional<std::string> maybe_text(std::size_t column) const;
    [[nodiscard]] std::optional<std::int64_t> maybe_integer(std::size_t column) const;
    [[nodiscard]] Moment moment(std::size_t column) const;
    [[nodiscard]] std::chrono::sys_days day(std::size_t column) const;
    template <class AnId>
    [[nodiscard]] AnId id(std::size_t column) const {
        return AnId(text(column));
    }
    [[nodiscard]] std::size_t size() const { return columns_.size(); }
    [[nodiscard]] const Value& value(std::size_t column) const { return columns_.at(column); }

  private:
    std::vector<Value> columns_;
};

using Rows = std::vector<Row>;

/// What a statement came to.
struct Answer {
    Rows rows;
    std::int64_t changed = 0;
};

} // namespace allot::store
