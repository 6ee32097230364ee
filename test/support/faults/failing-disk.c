/* Loaded before libc by LD_PRELOAD. While the file named by READ_ONLY_WHILE is there, writes at a position (as SQLite
   makes them; logs and sockets use others) fail as on a file system that has become read-only; while that of
   SYNC_FAILS_WHILE is there, data cannot be brought to the disk. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int is_there(const char *variable) {
  int before = errno;
  const char *path = getenv(variable);
  int there = path != NULL && access(path, F_OK) == 0;
  errno = before;
  return there;
}

#define WRITE(name, offset_type)                                                       \
  ssize_t name(int fd, const void *bytes, size_t size, offset_type offset) {            \
    static ssize_t (*real)(int, const void *, size_t, offset_type);                     \
    if (real == NULL) real = dlsym(RTLD_NEXT, #name);                                   \
    if (is_there("READ_ONLY_WHILE")) return errno = EROFS, -1;                          \
    return real(fd, bytes, size, offset);                                               \
  }

#define SYNC(name)                                                                      \
  int name(int fd) {                                                                    \
    static int (*real)(int);                                                            \
    if (real == NULL) real = dlsym(RTLD_NEXT, #name);                                   \
    if (is_there("SYNC_FAILS_WHILE")) return errno = EIO, -1;                           \
    return real(fd);                                                                    \
  }

WRITE(pwrite, off_t)
WRITE(pwrite64, off64_t)
SYNC(fsync)
SYNC(fdatasync)
