/// A view: what a page says, as a value. Asked for JSON it is the answer; asked for HTML it goes
/// through its template. Include this only in .cpp files that make views: Boost.JSON is heavy.
#pragma once

#include "platform/pages/answer.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_from.hpp>

namespace allot::pages {

/// A view from a described struct (`BOOST_DESCRIBE_STRUCT`) of texts, numbers, truths, optionals,
/// vectors and other described structs.
template <class Described>
[[nodiscard]] View view_of(const Described& view) {
    return View(
        std::make_shared<const boost::json::object>(boost::json::value_from(view).as_object()));
}

} // namespace allot::pages
