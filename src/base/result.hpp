/// What can go wrong because of a person, a disk or a network is a value: `Result<T>`.
/// A broken invariant of our own is not: it aborts with a message (`ALLOT_CHECK`, on in release).
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace allot {

/// Why something could not be done; the command line turns each into its exit code, the server into
/// a status of HTTP.
enum class ErrorKind : std::uint8_t {
    invalid,     ///< the input or an option is not what was expected
    infeasible,  ///< the input is well formed and has no solution
    io,          ///< a file could not be read or written
    interrupted, ///< the person asked to stop
    missing,     ///< there is no such thing, or none that this person may know of
    forbidden,   ///< this person may not do that
    conflict,    ///< it does not go together with what is there already
    too_many,    ///< more often, or more of it, than is allowed; later it may do
    unavailable, ///< the database or another server cannot be reached now
};

/// `message` is for a person: what was found, where, what was expected. It ends without a full
/// stop.
struct Error {
    ErrorKind kind = ErrorKind::invalid;
    std::string message;

    friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = std::expected<T, Error>;

/// The failure side of any `Result`.
[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, std::string message) {
    return std::unexpected(Error{kind, std::move(message)});
}

/// Says what was broken, where, and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line,
                               const char* message);

} // namespace allot

#define ALLOT_CHECK(condition, message)                                                            \
    (static_cast<bool>(condition)                                                                  \
         ? static_cast<void>(0)                                                                    \
         : ::allot::check_failed(#condition, __FILE__, __LINE__, message))

#define ALLOT_JOIN_INNER(a, b) a##b
#define ALLOT_JOIN(a, b) ALLOT_JOIN_INNER(a, b)

/// `TRY(auto rows, read_rows(text));` binds the value, or returns the error to the caller.
#define TRY(declaration, ...)                                                                      \
    auto ALLOT_JOIN(try_, __LINE__) = (__VA_ARGS__);                                               \
    if (!ALLOT_JOIN(try_, __LINE__))                                                               \
        return std::unexpected(std::move(ALLOT_JOIN(try_, __LINE__)).error());                     \
    declaration = *std::move(ALLOT_JOIN(try_, __LINE__))

/// `TRY_DO(write(file));` for results without a value.
#define TRY_DO(...)                                                                                \
    if (auto try_result = (__VA_ARGS__); !try_result)                                              \
    return std::unexpected(std::move(try_result).error())
