# What our own programs are compiled with. Never part of sotto::sotto: users choose their own warnings.
add_library(sotto_warnings INTERFACE)
if(MSVC)
  target_compile_options(sotto_warnings INTERFACE /W4 /WX /permissive-)
else()
  target_compile_options(sotto_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
endif()
