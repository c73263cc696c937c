# sotto_add_kernels(<name> <option>...) compiles the kernels once, for programs of many files: a library to link instead
# of sotto::sotto. Its programs may hide processor features.
function(sotto_add_kernels name)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "#include <sotto/kernels.hpp>\n")
  add_library(${name} STATIC ${source})
  target_link_libraries(${name} PUBLIC sotto::sotto PRIVATE sotto_warnings)
  target_compile_definitions(${name} PUBLIC SOTTO_SEPARATE_KERNELS SOTTO_ENABLE_CPU_MASK)
  target_compile_options(${name} PRIVATE ${ARGN})
endfunction()
