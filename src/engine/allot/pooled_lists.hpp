/// Many short lists in one block of memory. Internal to `engine/allot`.
#pragma once

#include "base/result.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace allot::matching {

/// Lists that grow at their end, numbered from 0. A list that outgrows its room moves to the end of
/// the block and leaves a hole, so the holes are never larger than what is used. Spans are valid
/// until something is added.
template <class T>
class PooledLists {
  public:
    explicit PooledLists(std::size_t lists) : heads_(lists) {}

    [[nodiscard]] std::span<const T> operator[](std::size_t list) const {
        const Head& head = heads_[list];
        return {pool_.data() + head.begin, head.size};
    }
    [[nodiscard]] std::span<T> operator[](std::size_t list) {
        const Head& head = heads_[list];
        return {pool_.data() + head.begin, head.size};
    }

    void push_back(std::size_t list, const T& item) {
        Head& head = heads_[list];
        if (head.size == head.room) {
            make_room(head, std::max<std::uint32_t>(least_room, 2 * head.room));
        }
        pool_[head.begin + head.size++] = item;
    }

    /// The last item takes the place of item `k`.
    void erase_swapped(std::size_t list, std::size_t k) {
        Head& head = heads_[list];
        pool_[head.begin + k] = pool_[head.begin + head.size - 1];
        --head.size;
    }

    void assign(std::size_t list, std::span<const T> items) {
        Head& head = heads_[list];
        const auto size = static_cast<std::uint32_t>(items.size());
        if (size > head.room) {
            head.size = 0;
            make_room(head, size);
        }
        std::ranges::copy(items, pool_.begin() + static_cast<std::ptrdiff_t>(head.begin));
        head.size = size;
    }

    /// Room for lists of at most `room(list)` items, so that several threads may fill different
    /// lists at once. All lists must be empty.
    template <class Room>
    void reserve(const Room& room) {
        std::size_t end = 0;
        for (std::size_t list = 0; list < heads_.size(); ++list) {
            heads_[list] = {.begin = end, .size = 0, .room = room(list)};
            end += heads_[list].room;
        }
        pool_.resize(end);
    }

  private:
    static constexpr std::uint32_t least_room = 4;

    struct Head {
        std::size_t begin = 0;
        std::uint32_t size = 0;
        std::uint32_t room = 0;
    };

    void make_room(Head& head, std::uint32_t room) {
        const std::size_t begin = pool_.size();
        pool_.resize(begin + room);
        std::copy_n(pool_.begin() + static_cast<std::ptrdiff_t>(head.begin), head.size,
                    pool_.begin() + static_cast<std::ptrdiff_t>(begin));
        head.begin = begin;
        head.room = room;
    }

    std::vector<Head> heads_;
    std::vector<T> pool_;
};

} // namespace allot::matching
