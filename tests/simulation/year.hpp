/// A year of an invented collective, through the whole site: who comes, rests, hands over, leaves
/// and is erased is decided by a seed. The database is in trouble all the time: some transactions
/// are thrown back, and some connections are lost.
#pragma once

#include "app/test_house.hpp"
#include "base/random.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::simulation {

inline constexpr std::string_view home = "/c/lab";

/// Each has a mark that stands in her name, her address and all her words, and in nobody else's.
struct Someone {
    Someone(test::House& house, int number);
    std::string mark;
    std::string mail;
    test::Browser browser;
    bool erased = false;
};

class Year {
  public:
    Year(test::EngineKind engine, std::uint64_t seed);

    /// Some days pass, and somebody does something, or tries to. What it was, for messages.
    std::string_view step();

    [[nodiscard]] test::House& house() { return *house_; }
    [[nodiscard]] const std::vector<std::unique_ptr<Someone>>& everybody() const { return people_; }
    /// Statuses that no trouble excuses: 500, and 503 to somebody who insists.
    [[nodiscard]] const std::vector<unsigned>& broken() const { return broken_; }
    [[nodiscard]] int done() const { return done_; } ///< commands that happened
    /// Asks for a page as JSON until there is an answer, signing in where the session is over.
    [[nodiscard]] http::HttpResponse look(Someone& who, std::string_view target);
    [[nodiscard]] store::Rows rows(store::Statement statement);

    /// One kind of thing that happens, and how often beside the others.
    struct Act {
        std::string_view name;
        void (Year::*happens)(Someone&);
        std::uint64_t weight;
    };

  private:
    // What happens. Whoever may not do it is told so, and that is all.
    void come_by_link(Someone& host);
    void come_by_asking(Someone& any);
    void ask_to_join(Someone& who);
    void answer_request(Someone& any);
    void open_circle(Someone& who);
    void open_draft(Someone& who);
    void rest_in_circle(Someone& who);
    void rest_or_return(Someone& who);
    void leave(Someone& who);
    void make_host(Someone& any);
    void hand_over(Someone& any);
    void say_still(Someone& any);
    void split(Someone& any);
    void end(Someone& any);
    void change_role(Someone& any);
    void write_about_herself(Someone& who);
    void ask_for_link_only(Someone& who);
    void erase(Someone& who);

    unsigned command(Someone& who, std::string_view to, std::string_view fields);
    [[nodiscard]] bool sign_in(Someone& who);
    Someone& newcomer();
    [[nodiscard]] Someone& anybody();
    [[nodiscard]] Someone* with_mail(std::string_view mail);
    [[nodiscard]] std::optional<store::Row> any_of(store::Statement statement);
    /// A circle that is open, with the address of one of its hosts and of somebody else in it.
    struct Place {
        std::string path;
        Someone* host;
    };
    [[nodiscard]] std::optional<Place> hosted_circle();
    [[nodiscard]] std::string member_of(const Place& place);
    [[nodiscard]] std::string any_circle();

    Random chance_;
    std::unique_ptr<test::House> house_;
    std::vector<std::unique_ptr<Someone>> people_;
    std::vector<unsigned> broken_;
    int commands_ = 0;
    int done_ = 0;

    static const std::vector<Act> acts;
};

} // namespace allot::simulation
