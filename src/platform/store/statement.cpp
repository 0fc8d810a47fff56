#include "platform/store/statement.hpp"

namespace allot::store {

namespace {

template <class T>
[[nodiscard]] const T& column_as(const std::vector<Value>& columns, std::size_t column) {
    ALLOT_CHECK(column < columns.size(), "a statement has fewer columns than its reader");
    const T* const value = std::get_if<T>(&columns[column]);
    ALLOT_CHECK(value != nullptr, "a column has another type than its reader expects");
    return *value;
}

} // namespace

bool Row::is_null(std::size_t column) const {
    ALLOT_CHECK(column < columns_.size(), "a statement has fewer columns than its reader");
    return std::holds_alternative<std::monostate>(columns_[column]);
}

std::int64_t Row::integer(std::size_t column) const {
    return column_as<std::int64_t>(columns_, column);
}

double Row::real(std::size_t column) const {
    // SQLite keeps a real number that is whole as a whole number.
    ALLOT_CHECK(column < columns_.size(), "a statement has fewer columns than its reader");
    if (const auto* const whole = std::get_if<std::int64_t>(&columns_[column])) {
        return static_cast<double>(*whole);
    }
    return column_as<double>(columns_, column);
}

const std::string& Row::text(std::size_t column) const {
    return column_as<std::string>(columns_, column);
}

std::optional<std::string> Row::maybe_text(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional(text(column));
}

std::optional<std::int64_t> Row::maybe_integer(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
}

Moment Row::moment(std::size_t column) const {
    return Moment(std::chrono::microseconds(integer(column)));
}

std::chrono::sys_days Row::day(std::size_t column) const {
    return std::chrono::sys_days(std::chrono::days(integer(column)));
}

} // namespace allot::store
