/// Hooks as pages show them: never an address or a key whole.
#pragma once

#include "collective/circles/circle.hpp"
#include "platform/hooks/delivery.hpp"
#include "platform/hooks/hook.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

namespace allot::app {

struct HookLine {
    std::string id;
    std::string name;
    std::string kind;    ///< of `hooks::kind_rules`
    std::string circle;  ///< the name of the one whose news it gets; empty: all
    std::string state;   ///< "works", "troubled" or "paused"
    std::string trouble; ///< of `hooks::Trouble`, "none" where there is none
};
BOOST_DESCRIBE_STRUCT(HookLine, (), (id, name, kind, circle, state, trouble))

struct KindChoice {
    std::string kind;
};
BOOST_DESCRIBE_STRUCT(KindChoice, (), (kind))

struct CircleChoice {
    std::string slug;
    std::string name;
    bool chosen = false;
};
BOOST_DESCRIBE_STRUCT(CircleChoice, (), (slug, name, chosen))

/// The list, and the form for one more; its kind is empty until one was chosen.
struct HooksView {
    std::string home;   ///< the address of this page
    std::string slug;   ///< of the circle that it is about; empty: the whole collective
    std::string circle; ///< its name
    std::vector<HookLine> hooks;
    std::vector<KindChoice> kinds;
    std::string kind;
    std::string name;
    std::string address;
    std::string place;
    std::string topic;
    std::string bot;
    std::vector<CircleChoice> circles;
    bool hears_all = false;
    bool asks_place = false;
    bool asks_topic = false;
    bool asks_bot = false;
    bool asks_key = false;
    bool removed = false;
};
BOOST_DESCRIBE_STRUCT(HooksView, (),
                      (home, slug, circle, hooks, kinds, kind, name, address, place, topic, bot,
                       circles, hears_all, asks_place, asks_topic, asks_bot, asks_key, removed))

struct HookView {
    std::string home;
    std::string id;
    std::string name;
    std::string kind;
    std::string host; ///< of its address
    std::string ends; ///< the last four characters of its key, or else of its address
    std::string place;
    std::string topic;
    std::string circle;
    bool hears_all = false;
    std::string state;
    std::string trouble;
    std::string trouble_day; ///< empty: none
    std::string posted_day;  ///< empty: never
    std::string test;        ///< of `hooks::State`; empty: no test was sent
    bool paused = false;
};
BOOST_DESCRIBE_STRUCT(HookView, (),
                      (home, id, name, kind, host, ends, place, topic, circle, hears_all, state,
                       trouble, trouble_day, posted_day, test, paused))

[[nodiscard]] HookLine line_of(const hooks::Hook& hook, std::span<const circles::Circle> circles);
[[nodiscard]] HookView view_of_hook(const hooks::Hook& hook,
                                    std::span<const circles::Circle> circles,
                                    const std::map<hooks::HookId, hooks::State>& tests,
                                    std::string home);

} // namespace allot::app
