/// A year of an invented collective, through the whole site: who comes, rests, hands over, leaves
/// and is erased, what gathers and who has a turn is decided by a seed. The database is in trouble
/// all the time, disks and lines fail, the server is started anew, and mail does not arrive.
#pragma once

#include "app/test_house.hpp"
#include "base/random.hpp"
#include "platform/store/faulty_disk.hpp"
#include "tests/simulation/household.hpp"
#include "tests/simulation/ledger.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
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

    /// Some days pass, something may fail, somebody does something, or tries to, and the server
    /// does what is due. What it was, for messages.
    std::string_view step();

    [[nodiscard]] test::House& house() { return *house_; }
    [[nodiscard]] const std::vector<std::unique_ptr<Someone>>& everybody() const { return people_; }
    /// Statuses that no trouble excuses: 500, and 503 to somebody who insists.
    [[nodiscard]] const std::vector<unsigned>& broken() const { return broken_; }
    /// What was seen since this was last asked and must not be.
    [[nodiscard]] std::vector<std::string> take_wrong() { return std::exchange(ledger_.wrong, {}); }
    [[nodiscard]] int done() const { return done_; }         ///< commands that happened
    [[nodiscard]] int failures() const { return failures_; } ///< of disks and lines
    /// By the names of acts: how often one was done.
    [[nodiscard]] const std::map<std::string_view, int>& happened() const { return happened_; }
    /// A number that stands for all that was asked, answered and sent until now.
    [[nodiscard]] std::uint64_t told() const { return told_; }
    /// Names of circles and series whose beginning was acknowledged.
    [[nodiscard]] const std::vector<std::string>& kept_names() const { return kept_names_; }

    /// Asks for a page as JSON until there is an answer, signing in where the session is over.
    [[nodiscard]] http::HttpResponse look(Someone& who, std::string_view target);
    [[nodiscard]] store::Rows rows(store::Statement statement,
                                   std::initializer_list<store::Bound> given = {});
    /// A reader who is signed in nowhere.
    [[nodiscard]] Someone& reader() { return *reader_; }
    [[nodiscard]] Someone* with_mail(std::string_view mail);

    /// One kind of thing that happens, and how often beside the others.
    struct Act {
        std::string_view name;
        void (Year::*happens)(Someone&);
        std::uint64_t weight;
    };

  private:
    // What happens. Whoever may not do it is told so, and that is all. In people_acts.cpp:
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
    // In gathering_acts.cpp:
    void begin_series(Someone& who);
    void move_gathering(Someone& any);
    void skip_or_restore(Someone& any);
    void change_rhythm(Someone& any);
    void end_or_renew(Someone& any);
    void series_hosts(Someone& any);
    void come_as_host(Someone& any);
    void write_up(Someone& any);
    // In taking_part.cpp:
    void turn_act(Someone& who);
    void turn_asked(Someone& any);
    void swap_turns(Someone& any);
    void answer_mail(Someone& any);
    void add_words(Someone& who);
    void look_at_words(Someone& any);
    void plan_to_come(Someone& who);
    void subscribe_as_guest(Someone& any);
    void subscribe_or_end(Someone& who);
    void mail_settings(Someone& who);
    void end_by_mail(Someone& any);
    void lose_a_box(Someone& who);

    unsigned command(Someone& who, std::string_view to, std::string_view fields);
    /// Without a key: what may as well happen twice. The whole answer.
    http::HttpResponse insist(Someone& who, const std::function<http::HttpResponse()>& ask);
    [[nodiscard]] bool sign_in(Someone& who);
    Someone& newcomer();
    [[nodiscard]] Someone& anybody();
    [[nodiscard]] std::optional<store::Row> any_of(store::Statement statement);
    /// A circle that is open, or a series, with one of its hosts.
    struct Place {
        std::string path;
        Someone* host;
    };
    [[nodiscard]] std::optional<Place> hosted_circle();
    [[nodiscard]] std::optional<Place> hosted_series();
    [[nodiscard]] std::string member_of(const Place& place);
    [[nodiscard]] std::string any_member();
    [[nodiscard]] std::string any_circle();
    [[nodiscard]] std::string any_series();
    /// Names of the gatherings that a page of a series shows.
    [[nodiscard]] std::vector<std::string> whens(Someone& who, const std::string& series);
    /// The path of one of them, mostly of the next; empty where there is none.
    [[nodiscard]] std::string any_gathering(Someone& who, const std::string& series);
    /// What a stranger and a member find on pages and in feeds about a gathering.
    [[nodiscard]] std::string seen_by_others(const Someone& who, const std::string& gathering);
    /// Nobody else sees any trace of what is done.
    void unseen(const Someone& who, const std::string& gathering,
                const std::function<void()>& what);
    [[nodiscard]] std::string link_mailed_to(std::string_view mail, std::string_view begins);

    // Trouble, in trouble.cpp.
    void stir();
    void mend();
    void start_anew();
    void calm();
    void keep_house();
    void keep_way_to_end(std::string_view letter, const std::string& message_id, mail::Fate fate);
    void look_into_ledger();
    void heard(std::string_view what);

    std::uint64_t seed_;
    test::EngineKind engine_;
    Random chance_;
    Ledger ledger_;
    Postman postman_;
    std::unique_ptr<test::FaultyDisk> disk_; ///< SQLite's; outlives the house
    std::unique_ptr<test::House> house_;
    std::unique_ptr<Household> household_;
    std::vector<std::unique_ptr<Someone>> people_;
    std::unique_ptr<Someone> reader_;
    std::vector<unsigned> broken_;
    std::vector<std::string> kept_names_;
    /// What a mail that came says of how to end its stream.
    struct WayToEnd {
        std::string path;
        Entry mail;
    };
    std::vector<WayToEnd> ways_to_end_;
    std::map<std::string_view, int> happened_;
    bool is_armed_ = false; ///< a disk or a line is to fail
    int commands_ = 0;
    int done_ = 0;
    int failures_ = 0;
    int starts_ = 0;
    std::uint64_t told_ = 0;

    static const std::vector<Act> acts;
};

} // namespace allot::simulation
