include(GNUInstallDirs)

# Each component is an export set of its own, so that find_package(nestcpp COMPONENTS …) needs only what these link.
function(nestcpp_install_component name target)
endfunction()
