// GLPK on linear and integer programs that tests write out.
//
//   glpk_peer [SECONDS] FILE
//       For each program of FILE one line: the optimum, "infeasible", "unbounded" or "failed",
//       which says that GLPK gave up or searched for whole numbers longer than SECONDS. A program
//       maximises; it is
//           ROWS COLUMNS ENTRIES
//           lower upper                  ROWS times; - for none
//           lower upper value whole      COLUMNS times; whole is 1 for a whole number, else 0
//           row column factor            ENTRIES times, numbers from 0

#include <csetjmp>
#include <cstdio>
#include <fstream>
#include <glpk.h>
#include <iostream>
#include <string>
#include <vector>

namespace {

struct Bounds {
    bool has_lower = false, has_upper = false;
    double lower = 0, upper = 0;
};

std::istream& operator>>(std::istream& file, Bounds& bounds) {
    std::string lower, upper;
    file >> lower >> upper;
    if (file) {
        bounds.has_lower = lower != "-";
        bounds.has_upper = upper != "-";
        bounds.lower = bounds.has_lower ? std::stod(lower) : 0;
        bounds.upper = bounds.has_upper ? std::stod(upper) : 0;
    }
    return file;
}

int kind(const Bounds& bounds) {
    if (bounds.has_lower && bounds.has_upper) {
        return bounds.lower < bounds.upper ? GLP_DB : GLP_FX;
    }
    return bounds.has_lower ? GLP_LO : bounds.has_upper ? GLP_UP : GLP_FR;
}

/// Reads one program; false at the end of the file. Sets `whole` where a column is a whole number.
bool read_program(std::istream& file, glp_prob* program, bool& whole) {
    int rows = 0, columns = 0, entries = 0;
    if (!(file >> rows >> columns >> entries)) {
        return false;
    }
    glp_set_obj_dir(program, GLP_MAX);
    for (int i = 1; i <= rows; ++i) {
        Bounds bounds;
        file >> bounds;
        glp_add_rows(program, 1);
        glp_set_row_bnds(program, i, kind(bounds), bounds.lower, bounds.upper);
    }
    for (int j = 1; j <= columns; ++j) {
        Bounds bounds;
        double value = 0;
        int is_whole = 0;
        file >> bounds >> value >> is_whole;
        glp_add_cols(program, 1);
        glp_set_col_bnds(program, j, kind(bounds), bounds.lower, bounds.upper);
        glp_set_obj_coef(program, j, value);
        glp_set_col_kind(program, j, is_whole != 0 ? GLP_IV : GLP_CV);
        whole = whole || is_whole != 0;
    }
    std::vector<int> row(static_cast<std::size_t>(entries) + 1), column(row.size());
    std::vector<double> factor(row.size());
    for (std::size_t k = 1; k < row.size(); ++k) {
        file >> row[k] >> column[k] >> factor[k];
        ++row[k];
        ++column[k];
    }
    glp_load_matrix(program, entries, row.data(), column.data(), factor.data());
    return static_cast<bool>(file);
}

void print(int status, double value) {
    if (status == GLP_OPT) {
        std::printf("%.17g\n", value);
    } else if (status == GLP_NOFEAS) {
        std::puts("infeasible");
    } else {
        std::puts(status == GLP_UNBND ? "unbounded" : "failed");
    }
}

std::jmp_buf gave_up;

/// Some assertions of GLPK fail on programs that are only hard for its arithmetic.
void give_up(void*) {
    std::longjmp(gave_up, 1);
}

void solve_linear(glp_prob* program) {
    glp_smcp how;
    glp_init_smcp(&how);
    glp_simplex(program, &how);
    const int status = glp_get_status(program);
    print(status, glp_get_obj_val(program));
}

void solve_whole(glp_prob* program, int seconds) {
    glp_smcp relaxed;
    glp_init_smcp(&relaxed);
    glp_simplex(program, &relaxed);
    if (glp_get_status(program) != GLP_OPT) {
        print(glp_get_status(program), 0);
        return;
    }
    glp_iocp how;
    glp_init_iocp(&how);
    if (seconds > 0) {
        how.tm_lim = 1000 * seconds;
    }
    glp_intopt(program, &how);
    print(glp_mip_status(program), glp_mip_obj_val(program));
}

/// Prints the line of a program and deletes it. Nothing that has a destructor lives in here: GLPK
/// may jump out.
void solve(glp_prob* program, bool whole, int seconds) {
    if (setjmp(gave_up) != 0) {
        glp_free_env(); // and with it the program
        std::puts("failed");
        return;
    }
    glp_error_hook(give_up, nullptr);
    glp_scale_prob(program, GLP_SF_AUTO);
    whole ? solve_whole(program, seconds) : solve_linear(program);
    glp_error_hook(nullptr, nullptr);
    glp_delete_prob(program);
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2 || argc > 3) {
        std::fputs("usage: glpk_peer [SECONDS] FILE\n", stderr);
        return 2;
    }
    const int seconds = argc > 2 ? std::stoi(argv[1]) : 0;
    std::ifstream file(argv[argc - 1]);
    while (true) {
        glp_term_out(GLP_OFF);
        glp_prob* program = glp_create_prob();
        bool whole = false;
        if (!read_program(file, program, whole)) {
            glp_delete_prob(program);
            return 0;
        }
        solve(program, whole, seconds);
    }
}
