#include "app/keeping/temporary_folder.hpp"

#include "app/keeping/new_file.hpp"

#include <cstdlib>
#include <system_error>

namespace allot::app::keeping {

Result<TemporaryFolder> TemporaryFolder::make() {
    std::error_code error;
    const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
    std::string name = (parent / "allotment-XXXXXX").string();
    if (error || ::mkdtemp(name.data()) == nullptr) {
        return failed_to("make a folder", name, errno);
    }
    return TemporaryFolder(name);
}

TemporaryFolder::~TemporaryFolder() {
    if (!path_.empty()) {
        std::error_code ignored; // what is left is for this person alone
        std::filesystem::remove_all(path_, ignored);
    }
}

} // namespace allot::app::keeping
