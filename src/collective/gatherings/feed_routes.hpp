/// Calendars and news to subscribe to, and what pages say about them.
#pragma once

#include "collective/gatherings/series.hpp"
#include "platform/pages/answer.hpp"
#include "platform/pages/call.hpp"
#include "platform/pages/router.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/class.hpp>

namespace allot::gatherings {

[[nodiscard]] std::vector<pages::Route> feed_routes();

/// The section "Subscribe" of a page (template "subscribe").
struct SubscribeView {
    std::string calendar;      ///< its address as a whole; empty: there is none for everybody
    std::string calendar_app;  ///< the same for programs of calendars: "webcal://..."
    std::string news;          ///< of Atom; empty: none
    bool may_have_own = false; ///< the reader can make a link of her own in her settings
};
BOOST_DESCRIBE_STRUCT(SubscribeView, (), (calendar, calendar_app, news, may_have_own))

/// Of the whole collective.
[[nodiscard]] SubscribeView subscribe_to_all(const pages::Call& call);
/// Of one series; only a public one has a calendar that anybody may subscribe to.
[[nodiscard]] SubscribeView subscribe_to(const pages::Call& call, const Series& series);

/// For the heads of the same pages.
[[nodiscard]] std::vector<pages::Alternate> alternates_of_all(const pages::Call& call);
[[nodiscard]] std::vector<pages::Alternate> alternates_of(const pages::Call& call,
                                                          const Series& series);

} // namespace allot::gatherings
