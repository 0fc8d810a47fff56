#include "base/limits.hpp"
#include "formats/csv.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace allot;
using namespace allot::formats;

namespace {

using Texts = std::vector<std::vector<std::string>>;

/// The rows of a table as written, each filled up to the width of the header.
Texts texts_of(const Table& table) {
    Texts texts;
    for (const Row row : table.rows()) {
        auto& fields = texts.emplace_back();
        for (std::size_t c = 0; c < table.header().names().size(); ++c) {
            fields.emplace_back(row.raw(c));
        }
    }
    return texts;
}

/// Header and rows of text that must be a table.
Texts read(std::string_view bytes) {
    const auto table = parse_table(bytes, "t.csv");
    REQUIRE_MESSAGE(table, (table ? "" : table.error().message));
    Texts texts = texts_of(*table);
    texts.insert(texts.begin(), table->header().names());
    return texts;
}

std::string message_of(std::string_view bytes) {
    const auto table = parse_table(bytes, "t.csv");
    REQUIRE_FALSE(table);
    CHECK(table.error().kind == ErrorKind::invalid);
    return table.error().message;
}

/// A text with a liking for what CSV finds hard.
rc::Gen<std::string> hard_text() {
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                            "a", "B", "\"", "\"\"", ",", ";", "\t", "\n", "\r", "\r\n", " ", "=1+1",
                            "sep=", "\xEF\xBB\xBF", "\xC3\xA9", "\xC2\xA0", "\xF0\x9F\x8C\xB1",
                            "PK\x03\x04", "\x01")),
                        [](const std::vector<std::string>& parts) {
                            std::string text;
                            for (const auto& part : parts) {
                                text += part;
                            }
                            return text;
                        });
}

rc::Gen<Texts> rows_of(std::size_t columns) {
    return rc::gen::container<Texts>(
        rc::gen::container<std::vector<std::string>>(columns, hard_text()));
}

/// How a program may write a table: its separator, its line ends and how much it quotes.
struct Dialect {
    char separator;
    std::string line_end;
    bool quotes_all;
    bool ends_last_line;
    std::string before;
};

std::string written(const Texts& rows, const Dialect& dialect) {
    std::string out = dialect.before;
    for (const auto& row : rows) {
        out += out.size() == dialect.before.size() ? "" : dialect.line_end;
        for (std::size_t c = 0; c < row.size(); ++c) {
            out += c == 0 ? "" : std::string(1, dialect.separator);
            out += dialect.quotes_all ? "\"" + row[c] + "\"" : row[c];
        }
    }
    return dialect.ends_last_line ? out + dialect.line_end : out;
}

} // namespace

TEST_CASE("what is written is read back") {
    const bool holds = rc::check([] {
        const auto columns = *rc::gen::inRange<std::size_t>(1, 5);
        const auto rows = *rows_of(columns);
        CsvWriter writer;
        for (std::size_t c = 0; c < columns; ++c) {
            writer.field("column " + std::to_string(c));
        }
        writer.end_row();
        for (const auto& row : rows) {
            for (const auto& text : row) {
                writer.field(text);
            }
            writer.end_row();
        }
        const auto table = parse_table(writer.text(), "t.csv");
        RC_ASSERT(table.has_value());
        RC_ASSERT(texts_of(*table) == rows);
    });
    CHECK(holds);
}

TEST_CASE("separator, quotes, line ends and marks do not change the table") {
    const bool holds = rc::check([] {
        const Texts rows{{"id", "minutes", "note"}, {"a", "30", "x y"}, {"b", "45", "z"}};
        const Dialect dialect{
            *rc::gen::element(',', ';', '\t'),
            *rc::gen::element<std::string>("\n", "\r\n", "\r", "\n\n", "\r\n,,\r\n", "\n  \n"),
            *rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>(),
            *rc::gen::element<std::string>("", "\xEF\xBB\xBF", "\n", "\r\n\r\n")};
        // Lines of separators are written with the separator of the file.
        std::string bytes = written(rows, dialect);
        if (dialect.line_end.contains(',')) {
            std::ranges::replace(bytes, ',', dialect.separator);
        }
        const auto table = parse_table(bytes, "t.csv");
        RC_ASSERT(table.has_value());
        RC_ASSERT(table->separator() == dialect.separator);
        RC_ASSERT(table->header().names() == rows[0]);
        RC_ASSERT(texts_of(*table) == Texts(rows.begin() + 1, rows.end()));
    });
    CHECK(holds);
}

TEST_CASE("no bytes make the reader fail in another way than by an error") {
    const bool holds = rc::check([](const std::string& noise) {
        const auto start =
            *rc::gen::element<std::string>("", "a,b\n", "\"", "\xEF\xBB\xBF", "sep=;\n");
        const std::string bytes = start + noise + *hard_text();
        const auto table = parse_table(bytes, "t.csv");
        RC_ASSERT((table.has_value() || !table.error().message.empty()));
    });
    CHECK(holds);
}

TEST_CASE("a file that is cut off gives the first rows or an error") {
    const std::string whole = "id,\"no\"\"te\"\r\na,\"x\r\ny\"\r\n\xC3\xA9,z\r\n";
    const Texts all = read(whole);
    for (std::size_t n = 0; n < whole.size(); ++n) {
        CAPTURE(n);
        if (const auto table = parse_table(std::string_view(whole).substr(0, n), "t.csv")) {
            CHECK(table->size() + 1 <= all.size());
        }
    }
}

TEST_CASE("names of columns are compared without case and without space around them") {
    const auto table = parse_table(" ID ,Minutes\na,30\n", "t.csv");
    REQUIRE(table);
    CHECK(table->column("id") == 0);
    CHECK(table->column("MINUTES") == 1);
    CHECK_FALSE(table->column("topic"));
    CHECK(table->header().names() == std::vector<std::string>{"ID", "Minutes"});
}

TEST_CASE("fields are trimmed unless asked for raw, missing ones are empty") {
    const auto table = parse_table("id,note,more\n a ,\" b \"\n", "t.csv");
    REQUIRE(table);
    const Row row = (*table)[0];
    CHECK(row[0] == "a");
    CHECK(row.raw(0) == " a ");
    CHECK(row[1] == "b");
    CHECK(row.raw(1) == " b ");
    CHECK(row[2].empty());
    CHECK(row.if_present(table->column("id")) == "a");
    CHECK(row.if_present(table->column("absent")).empty());
}

TEST_CASE("fields without doubled quotes are not copied") {
    const std::string bytes = "id,note\na,\"b,c\"\n";
    const auto table = parse_table(bytes, "t.csv");
    REQUIRE(table);
    CHECK((*table)[0].raw(0).data() == bytes.data() + bytes.find("a,\""));
    CHECK((*table)[0].raw(1).data() == bytes.data() + bytes.find("b,c"));
}

TEST_CASE("a table may be moved") {
    auto table = parse_table("id\n\"a\"\"b\"\n", "t.csv");
    REQUIRE(table);
    const Table moved = std::move(*table);
    CHECK(moved[0][0] == "a\"b");
}

TEST_CASE("quoted fields hold separators, quotes and line ends") {
    CHECK(read("a,b\n\"x, y\",\"say \"\"hi\"\"\"\n\"1\n2\",\"\"\n") ==
          Texts{{"a", "b"}, {"x, y", "say \"hi\""}, {"1\n2", ""}});
    CHECK(read("a, b\n1, \"x, y\" \n") == Texts{{"a", "b"}, {"1", "x, y"}});
    CHECK(read("a,b\n6\" pot,x\n") == Texts{{"a", "b"}, {"6\" pot", "x"}});
}

TEST_CASE("a quoted separator in the header does not count") {
    CHECK(read("\"a,b,c,d\";e\n1;2\n") == Texts{{"a,b,c,d", "e"}, {"1", "2"}});
}

TEST_CASE("Excel's separator line is honoured, and only where it is one") {
    CHECK(read("sep=;\r\na,b;c\r\n1,5;2\r\n") == Texts{{"a,b", "c"}, {"1,5", "2"}});
    CHECK(read("\"sep=;\"\nx\n") == Texts{{"sep=;"}, {"x"}});
    CHECK(message_of("sep=;\na;b\n\"x\" y;1\n").starts_with("t.csv:3:1: column \"a\": "));
}

TEST_CASE("lines without text are no rows, lines of quoted nothing are") {
    CHECK(read(",,\n\na,b,\n,,\n1,2\n  \n , ,\n\n\n") == Texts{{"a", "b", ""}, {"1", "2", ""}});
    CHECK(read("a,b\n\"\",\n") == Texts{{"a", "b"}, {"", ""}});
}

TEST_CASE("rows know their physical line") {
    const auto table = parse_table("a,b\r\n\r\n\"1\r\n2\r3\n\",x\r\n4,5", "t.csv");
    REQUIRE(table);
    CHECK((*table)[0].line == 3);
    CHECK((*table)[1].line == 7);
}

TEST_CASE("what is wrong with the text is said with its place, all at once") {
    CHECK(message_of("a,b\n1,2,3\n\"x\"y,1\n1,\xE9t\xE9\n1,2\n3,\"4\n") ==
          "t.csv:2: found 3 fields, expected at most 2 as in the first line; a field that holds "
          "\",\" stands in double quotes\n"
          "t.csv:3:1: column \"a\": found text after the closing double quote of a field, expected "
          "the next field or the end of the line; a double quote inside a field is written twice\n"
          "t.csv:4:2: column \"b\": found byte 0xE9 as byte 1 of the field, expected text in UTF-8 "
          "without NUL: save the file with character set UTF-8\n"
          "t.csv:6:2: column \"b\": found a double quote that is never closed, expected a closing "
          "double quote");
}

TEST_CASE("the line of an unclosed quote is the line where it opens") {
    CHECK(message_of("a\n1\n\"2\n3\n4\n").starts_with("t.csv:3:1: "));
}

TEST_CASE("NUL and every form of wrong UTF-8 are refused, right UTF-8 is not") {
    using namespace std::string_literals;
    for (const auto& wrong :
         {"\0"s, "\x80"s, "\xC0\xAF"s, "\xC3"s, "\xE0\x80\x80"s, "\xED\xA0\x80"s,
          "\xF0\x80\x80\x80"s, "\xF4\x90\x80\x80"s, "\xF5\x80\x80\x80"s, "\xE2\x82"s, "\xFF"s}) {
        CAPTURE(wrong);
        CHECK(message_of("a,b\n1,1234567" + wrong + "\n").starts_with("t.csv:2:2: column \"b\": "));
    }
    const std::string right =
        "\x7F \xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEF\xBF\xBF\xF0\x90\x80\x80"
        "\xF4\x8F\xBF\xBF|";
    CHECK(read("a\n" + right + "\n") == Texts{{"a"}, {right}});
}

TEST_CASE("UTF-16 and spreadsheets are refused with the way out") {
    using namespace std::string_literals;
    CHECK(message_of("\xFF\xFE"s
                     "a\0"s)
              .contains("UTF-16, expected text in UTF-8: save it as"));
    CHECK(message_of("\xFE\xFF").contains("UTF-16"));
    CHECK(message_of("PK\x03\x04...").contains("spreadsheet"));
}

TEST_CASE("a file without text is refused, one without rows is not") {
    CHECK(message_of("").starts_with("t.csv: found no text, expected a first line"));
    CHECK(message_of("\xEF\xBB\xBF\n ,\n").starts_with("t.csv: found no text"));
    CHECK(read("a,b").size() == 1);
}

TEST_CASE("an error in the header ends the reading") {
    CHECK(message_of("a,\"b\"x\n1,2\n").starts_with("t.csv:1:2: found text after"));
}

TEST_CASE("a name stands in the header once") {
    CHECK(message_of("id,x,ID\n") ==
          "t.csv:1:3: column \"ID\": found the name of column 1 again, expected each name once");
}

TEST_CASE("a field has a limit, and its error names it") {
    const std::string fits(limits::max_field_bytes, 'x');
    CHECK(parse_table("a\n" + fits + "\n", "t.csv"));
    CHECK(message_of("a\nx" + fits + "\n") ==
          "t.csv:2:1: column \"a\": found a field of 1048577 bytes, expected at most 1048576");
}

TEST_CASE("all missing columns are named, with what may have been meant") {
    const auto table = parse_table("\nid,minuts\n", "asks.csv");
    REQUIRE(table);
    CHECK(table->require_columns({"id"}) == std::vector<std::size_t>{0});
    const auto columns = table->require_columns({"id", "minutes", "topic"});
    REQUIRE_FALSE(columns);
    CHECK(columns.error().message ==
          "asks.csv:2: found the columns \"id\" and \"minuts\", expected "
          "also \"minutes\" (is \"minuts\" meant?) and \"topic\"");
}

TEST_CASE("who judges the fields adds to the findings of the reader") {
    Findings findings("asks.csv");
    const auto table = parse_table("id,minutes\n1,2,3\na,abc\n", findings);
    REQUIRE(table);
    REQUIRE(table->size() == 1);
    const Row row = (*table)[0];
    findings.add_value(table->place(row, 1), row[1], "a whole number of minutes from 1 to 1440");
    CHECK(findings.count() == 2);
    CHECK(findings.error().message.ends_with("\nasks.csv:3:2: column \"minutes\": found \"abc\", "
                                             "expected a whole number of minutes from 1 to 1440"));
}

TEST_CASE("the first findings are shown in the order of the file, the rest are counted") {
    Findings findings("a.csv");
    for (int i = 0; i < 25; ++i) {
        findings.add_value({.line = 100 - i}, "", "x");
    }
    CHECK(findings.count() == 25);
    CHECK(findings.kept().size() == limits::max_errors_shown);
    const std::string message = findings.error().message;
    CHECK(message.starts_with("a.csv:81: found nothing, expected x\na.csv:82: "));
    CHECK(message.ends_with("a.csv:100: found nothing, expected x\nand 5 more"));
}

TEST_CASE("the writer quotes what needs it and nothing else") {
    CsvWriter writer;
    writer.field("a").field("b c").field("d,e").field("\"").field("=1+1").end_row();
    writer.field("").field(0.1).field(std::int64_t{-3}).field("f;g").field(" h").end_row();
    writer.field("").field("").end_row();
    writer.field("Sep=").field("").end_row();
    CHECK(writer.text() ==
          "a,b c,\"d,e\",\"\"\"\",=1+1\n,0.1,-3,\"f;g\",\" h\"\n\"\",\n\"Sep=\",\n");
}
