# Install rules and the package that find_package(sotto) reads.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(sotto_package_dir ${CMAKE_INSTALL_DATADIR}/cmake/sotto)
install(TARGETS sotto EXPORT sotto-targets INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/sotto DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT sotto-targets NAMESPACE sotto:: DESTINATION ${sotto_package_dir})

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/sotto-config.cmake.in
                              ${PROJECT_BINARY_DIR}/sotto-config.cmake INSTALL_DESTINATION ${sotto_package_dir})
# Before 1.0 a minor version may break its users. Headers fit every architecture.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/sotto-config-version.cmake
                                 COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/sotto-config.cmake ${PROJECT_BINARY_DIR}/sotto-config-version.cmake
        DESTINATION ${sotto_package_dir})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
