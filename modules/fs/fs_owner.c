/* fs_owner.c - owners of files, by id or by name: chown, lchown. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modules/fs/fs_change.h"

/* A number of digits alone is that number, unless somebody has it as a name. */
static bool is_number(const char *text, unsigned *id)
{
  char *end;
  unsigned long value = strtoul(text, &end, 10);
  if (text[strspn(text, "0123456789")] || !*text || *end || value >= UINT32_MAX) return false;
  *id = (unsigned)value;
  return true;
}

enum { ROOM = 64 * 1024 }; /* a group may have many members */

static int find_user(const char *name, char *room, uid_t *id)
{
  struct passwd entry, *found = NULL;
  int r = getpwnam_r(name, &entry, room, ROOM, &found);
  if (found == NULL) return r ? -r : UV_ENOENT;
  *id = found->pw_uid;
  return 0;
}

static int find_group(const char *name, char *room, gid_t *id)
{
  struct group entry, *found = NULL;
  int r = getgrnam_r(name, &entry, room, ROOM, &found);
  if (found == NULL) return r ? -r : UV_ENOENT;
  *id = found->gr_gid;
  return 0;
}

static int unknown(Job *job, const char *what, const char *name)
{
  if (asprintf(&job->note, "no %s is called '%s'", what, name) < 0) job->note = NULL;
  return UV_EINVAL;
}

/* Names become numbers, in the thread: a directory service may have to be asked. */
int fs_find_owner(Job *job, FsOwner *owner)
{
  char *room = malloc(ROOM);
  if (room == NULL) return UV_ENOMEM;
  int r = 0;
  if (owner->user[0] && find_user(owner->user, room, &owner->uid) < 0 &&
      !is_number(owner->user, &owner->uid))
    r = unknown(job, "user", owner->user);
  else if (owner->group[0] && find_group(owner->group, room, &owner->gid) < 0 &&
           !is_number(owner->group, &owner->gid))
    r = unknown(job, "group", owner->group);
  free(room);
  owner->user[0] = owner->group[0] = 0;
  return r;
}

static int do_chown(Job *job)
{
  FsOwner *owner = (FsOwner *)(void *)buf_head(&job->bytes);
  int r = fs_find_owner(job, owner);
  if (r < 0) return r;
  r = fchownat(AT_FDCWD, job->path, owner->uid, owner->gid, job->flags);
  return r < 0 ? -errno : 0;
}

static int do_find_owner(Job *job)
{
  return fs_find_owner(job, (FsOwner *)(void *)buf_head(&job->bytes));
}

static void push_id(lua_State *L, unsigned id)
{
  if (id == UINT32_MAX)
    lua_pushnil(L);
  else
    lua_pushinteger(L, id);
}

static int push_owner(lua_State *L, Job *job)
{
  const FsOwner *owner = (const FsOwner *)(void *)buf_head(&job->bytes);
  push_id(L, owner->uid);
  push_id(L, owner->gid);
  return 2;
}

/* find_owner(path, [user], [group]) -> uid or nil, gid or nil; the path is only for the message */
static int l_find_owner(lua_State *L)
{
  FsOwner owner;
  fs_check_owner(L, 2, &owner);
  Job *job = fs_job(L, 1, 0, do_find_owner, push_owner);
  fs_attach(L, job, &owner, sizeof owner);
  return fs_run(L, job);
}

static unsigned check_id(lua_State *L, int arg, char *name, size_t room)
{
  name[0] = 0;
  if (lua_isnoneornil(L, arg)) return UINT32_MAX; /* as it is */
  if (lua_type(L, arg) == LUA_TSTRING) {
    size_t n;
    const char *text = lua_tolstring(L, arg, &n);
    luaL_argcheck(L, n > 0 && n < room && strlen(text) == n, arg, "not a name");
    strcpy(name, text);
    return UINT32_MAX;
  }
  lua_Integer id = luaL_checkinteger(L, arg);
  luaL_argcheck(L, id >= 0 && id < UINT32_MAX, arg, "a name or an id expected");
  return (unsigned)id;
}

void fs_check_owner(lua_State *L, int arg, FsOwner *owner)
{
  *owner = (FsOwner){0};
  owner->uid = check_id(L, arg, owner->user, sizeof owner->user);
  owner->gid = check_id(L, arg + 1, owner->group, sizeof owner->group);
}

static int change_owner(lua_State *L, int flags)
{
  FsOwner owner;
  fs_check_owner(L, 2, &owner);
  Job *job = fs_job(L, 1, 0, do_chown, NULL);
  job->flags = flags;
  fs_attach(L, job, &owner, sizeof owner);
  return fs_run(L, job);
}

/* chown(path, [user], [group]) -> true */
static int l_chown(lua_State *L)
{
  return change_owner(L, 0);
}

/* lchown(path, [user], [group]) -> true; of a link itself */
static int l_lchown(lua_State *L)
{
  return change_owner(L, AT_SYMLINK_NOFOLLOW);
}

const luaL_Reg fs_owner_functions[] = {
    {"chown", l_chown}, {"lchown", l_lchown}, {"find_owner", l_find_owner}, {NULL, NULL}};
