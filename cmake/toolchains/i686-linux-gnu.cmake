# 32-bit x86 on a 64-bit machine: programs run as they are. Debian's g++-multilib, which makes <asm/errno.h> visible,
# can't be installed beside a cross compiler; g++-12-multilib can, and finds the kernel's headers in the host's folder.
set(CMAKE_CXX_COMPILER g++)
set(CMAKE_CXX_FLAGS_INIT "-m32 -idirafter /usr/include/x86_64-linux-gnu")
