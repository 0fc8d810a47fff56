#include "collective/gatherings/own_gatherings.hpp"

#include "platform/pages/view.hpp"

namespace allot::gatherings {

namespace {

using store::Statement;

constexpr Statement delete_hosting =
    "DELETE FROM series_host WHERE collective_id = $1 AND person_id = $2";

struct KnownView {
    std::vector<std::string> hosted; ///< titles of series
};
BOOST_DESCRIBE_STRUCT(KnownView, (), (hosted))

} // namespace

Result<pages::View> known_view(Transaction& transaction, const CollectiveId& collective,
                               const PersonId& person) {
    TRY(const auto hosted, hosted_by(transaction, collective, person));
    KnownView view;
    for (const SeriesId& id : hosted) {
        TRY(const auto series, find_series(transaction, collective, id));
        view.hosted.push_back(series ? series->about.title : std::string());
    }
    return pages::view_of(view);
}

Result<void> erase_person(Transaction& transaction, const pages::House& /*house*/,
                          const CollectiveId& collective, const PersonId& person) {
    TRY_DO(transaction.run(delete_hosting, {collective, person}));
    return {};
}

} // namespace allot::gatherings
