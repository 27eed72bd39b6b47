# nestcpp_add_component(<name> SOURCES … [PUBLIC targets…] [PRIVATE targets…])
# One static or shared library nestcpp_<name>, alias nestcpp::<name>. Sources are relative to src/.
function(nestcpp_add_component name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(nestcpp_${name} ${arg_SOURCES})
  add_library(nestcpp::${name} ALIAS nestcpp_${name})
  target_compile_features(nestcpp_${name} PUBLIC cxx_std_20)
  target_include_directories(nestcpp_${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(nestcpp_${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  set_target_properties(nestcpp_${name} PROPERTIES EXPORT_NAME ${name})
  nestcpp_developer_options(nestcpp_${name})
endfunction()

# Warnings for our own code only; errors in the presets of this project.
function(nestcpp_developer_options target)
  if(PROJECT_IS_TOP_LEVEL)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wnon-virtual-dtor -Wextra-semi)
    if(NESTCPP_WARNINGS_AS_ERRORS)
      target_compile_options(${target} PRIVATE -Werror)
    endif()
  endif()
endfunction()
