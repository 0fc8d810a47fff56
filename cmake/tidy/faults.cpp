// Faults of many kinds, in no build. script/lint fails unless clang-tidy finds each of them here
// and nothing else: a check that no longer finds what it is for would be missed nowhere else.
#include <algorithm>
#include <cassert>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace faults {

struct Base {
    virtual ~Base() = default;
    virtual int kind() const { return 0; } // finds: modernize-use-nodiscard
    virtual void turn() {}
};
struct Middle : Base {
    void turn() override {}
};
struct Derived : Middle {
    virtual void turn() {
        Base::turn();
    } // finds: modernize-use-override bugprone-parent-virtual-call
};

struct Badly_named {}; // finds: readability-identifier-naming

struct Initialised {
    Initialised() : count(3) {}
    std::string text = {}; // finds: readability-redundant-member-init
    int count;             // finds: modernize-use-default-member-init
};

struct Moved {
    Moved() = default;
    Moved(Moved&& other)
        : text(std::move(other.text)) {} // finds: performance-noexcept-move-constructor
    std::string text;
};

struct Assigned {
    Assigned& operator=(const Assigned& other) { // finds: bugprone-unhandled-self-assignment
        delete[] held;
        held = new int[1]{other.held[0]};
        return *this;
    }
    int* held = nullptr;
};

namespace {
static int twice(int number) { // finds: readability-static-definition-in-anonymous-namespace
    return number + number;
}
} // namespace

int const_correctness(int number) {
    int never_changed = twice(number); // finds: misc-const-correctness
    return never_changed;
}

int unused(int unasked) { // finds: misc-unused-parameters clang-diagnostic-unused-parameter
    return 0;
}

int after_move(std::string text) {
    const std::string taken = std::move(text);
    return static_cast<int>(text.size() + taken.size()); // finds: bugprone-use-after-move
}

double divided(int number) {
    return number / 2; // finds: bugprone-integer-division
}

long widened(int number) {
    return number * number; // finds: bugprone-implicit-widening-of-multiplication-result
}

int branches(int number) {
    if (number > 1) { // finds: bugprone-branch-clone
        return 1;
    } else {
        return 1;
    }
}

int folded(const std::vector<double>& numbers) {
    return static_cast<int>(
        std::accumulate(numbers.begin(), numbers.end(), 0)); // finds: bugprone-fold-init-type
}

void swallowed() {
    try {
        throw 1;
    } catch (...) { // finds: bugprone-empty-catch
    }
}

void escaped() noexcept { // finds: bugprone-exception-escape
    throw 1;              // finds: clang-diagnostic-exceptions
}

void forever(int number) { // finds: clang-diagnostic-unused-but-set-parameter
    bool again = true;     // finds: misc-const-correctness
    while (again) {        // finds: bugprone-infinite-loop
        number = 1;
    }
}

std::string filled() {
    return std::string('x', 50); // finds: bugprone-string-constructor
}

void discarded(std::unique_ptr<int> held, std::vector<int>& numbers) {
    held.release();       // finds: bugprone-unused-return-value
    assert(numbers[0]++); // finds: bugprone-assert-side-effect
}

int named(int first, int second) {
    return first - second;
}
int called() {
    return named(/*second=*/1, /*second=*/2); // finds: bugprone-argument-comment
}

void loops(const std::vector<std::string>& texts, std::map<int, std::string>& by_number) {
    for (std::size_t i = 0; i < texts.size(); ++i) { // finds: modernize-loop-convert
        by_number[0] += texts[i];
    }
    for (const auto text :
         texts) { // finds: performance-for-range-copy clang-diagnostic-range-loop-construct
        by_number[1] += text;
    }
    const std::string first = texts.front(); // finds: performance-unnecessary-copy-initialization
    by_number[2] += first;
    if (texts.size() == 0) { // finds: readability-container-size-empty
        by_number.clear();
    }
}

std::size_t by_value(const std::string text) { // finds: performance-unnecessary-value-param
    return text.size();
}

int* null() {
    return 0; // finds: modernize-use-nullptr
}

std::string moved_const(const std::string& text) {
    return std::move(text); // finds: performance-move-const-arg
}

void erased(std::vector<int>& numbers) {
    numbers.erase(
        std::remove(numbers.begin(), numbers.end(), 1)); // finds: bugprone-inaccurate-erase
}

std::size_t sizes(const int* numbers) {
    return sizeof(numbers) /
           sizeof(
               numbers[0]); // finds: bugprone-sizeof-expression clang-diagnostic-sizeof-pointer-div
}

std::optional<std::optional<int>> rewrapped(std::optional<int> number) {
    std::optional<int> again = number.value(); // finds: bugprone-optional-value-conversion
    return again;
}

} // namespace faults
