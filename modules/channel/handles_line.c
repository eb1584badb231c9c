/* handles_line.c - a line of the handle protocol: which one it is, and whether a descriptor fits it. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "modules/channel/handles.h"
#include "runtime/json_scan.h"

static bool is_text(const JsonToken *t, const char *text)
{
  return t->kind == JSON_TEXT && t->size == strlen(text) && memcmp(t->as.text, text, t->size) == 0;
}

/* The token behind a value and all that it holds. */
static const JsonToken *behind(const JsonToken *t)
{
  for (size_t left = 1; left > 0; t++) {
    left--;
    if (t->kind == JSON_ARRAY) left += t->size;
    if (t->kind == JSON_OBJECT) left += 2 * (size_t)t->size;
  }
  return t;
}

static LineKind kind_of(const JsonToken *cmd)
{
  static const char *const names[] = {
      [LINE_HANDLE] = "NODE_HANDLE",
      [LINE_ACK] = "NODE_HANDLE_ACK",
      [LINE_NACK] = "NODE_HANDLE_NACK",
      [LINE_GET_COUNT] = "NODE_SOCKET_GET_COUNT",
      [LINE_COUNT] = "NODE_SOCKET_COUNT",
      [LINE_NOTIFY_CLOSE] = "NODE_SOCKET_NOTIFY_CLOSE",
      [LINE_ALL_CLOSED] = "NODE_SOCKET_ALL_CLOSED",
  };
  for (LineKind kind = LINE_HANDLE; kind <= LINE_ALL_CLOSED; kind++)
    if (is_text(cmd, names[kind])) return kind;
  return LINE_OTHER;
}

/* Of two members of one name the last one counts. Returns the member msg, or NULL. */
static const JsonToken *read_members(const JsonToken *object, Line *line)
{
  const JsonToken *msg = NULL, *t = object + 1;
  *line = (Line){0};
  for (uint32_t i = 0; i < object->size; i++) {
    const JsonToken *key = t, *value = t + 1;
    t = behind(value);
    if (is_text(key, "msg")) msg = value;
    if (is_text(key, "count") && value->kind == JSON_INTEGER) line->count = value->as.integer;
    if (value->kind != JSON_TEXT) continue;
    if (is_text(key, "cmd")) {
      line->kind = kind_of(value);
    } else if (is_text(key, "type")) {
      line->type = value->as.text;
      line->type_size = value->size;
    } else if (is_text(key, "key")) {
      line->key = value->as.text;
      line->key_size = value->size;
    }
  }
  return msg;
}

/* Node wraps a line that was refused once more, and sends that. */
void handles_read_line(const char *text, size_t size, Line *line)
{
  JsonScan scan = {0};
  *line = (Line){0};
  if (json_scan(&scan, text, size, 0, CHANNEL_DEPTH)) {
    const JsonToken *object = json_scan_tokens(&scan);
    Line outer = {.kind = LINE_HANDLE};
    while (object && object->kind == JSON_OBJECT && outer.kind == LINE_HANDLE) {
      object = read_members(object, &outer);
      if (line->kind == LINE_OTHER || outer.kind == LINE_HANDLE) *line = outer;
    }
  }
  buf_free(&scan.tokens);
}

static HandleKind refuse(char *wrong, size_t room, const char *what)
{
  snprintf(wrong, room, "%s", what);
  return KIND_NONE;
}

static bool is_connected(int fd)
{
  struct sockaddr_storage name;
  return getpeername(fd, (struct sockaddr *)&name, &(socklen_t){sizeof name}) == 0;
}

static HandleKind kind_of_stream(int fd)
{
  int listening = 0;
  getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &(socklen_t){sizeof listening});
  if (listening) return KIND_SERVER;
  return is_connected(fd) ? KIND_SOCKET : KIND_NONE;
}

static bool has_type(const Line *line, const char *type)
{
  return line->type_size == strlen(type) && memcmp(line->type, type, line->type_size) == 0;
}

/* A descriptor is believed to be what it is, not what the line says. A socket that is neither
   listening nor connected may be either: a server that is merely bound, or one whose peer has gone. */
HandleKind handles_kind(int fd, const Line *line, char *wrong, size_t room)
{
  struct stat s;
  int type;
  struct sockaddr_storage name = {0};
  if (fd < 0) return refuse(wrong, room, "the channel itself");
  if (fstat(fd, &s) < 0 || !S_ISSOCK(s.st_mode))
    return refuse(wrong, room,
                  S_ISREG(s.st_mode)    ? "a regular file"
                  : S_ISCHR(s.st_mode)  ? "a device"
                  : S_ISFIFO(s.st_mode) ? "a pipe"
                                        : "no socket");
  if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &(socklen_t){sizeof type}) < 0 ||
      getsockname(fd, (struct sockaddr *)&name, &(socklen_t){sizeof name}) < 0)
    return refuse(wrong, room, "a broken socket");
  bool inet = name.ss_family == AF_INET || name.ss_family == AF_INET6;
  bool is_stream = type == SOCK_STREAM && (inet || name.ss_family == AF_UNIX);
  bool is_datagram = type == SOCK_DGRAM && inet;
  if (!is_stream && !is_datagram)
    return refuse(wrong, room, "a socket that is neither TCP, UDP nor a local stream");
  if (line->type == NULL) return refuse(wrong, room, "a handle without a type");
  HandleKind stream = is_stream ? kind_of_stream(fd) : KIND_NONE;
  if (has_type(line, "dgram.Socket") || has_type(line, "dgram.Native")) {
    if (is_datagram) return KIND_UDP;
  } else if (has_type(line, "net.Server") || has_type(line, "net.BoundSocket")) {
    if (is_stream && stream != KIND_SOCKET) return KIND_SERVER;
  } else if (has_type(line, "net.Socket")) {
    if (is_stream && stream != KIND_SERVER) return KIND_SOCKET;
  } else if (has_type(line, "net.Native")) {
    if (is_stream) return stream == KIND_NONE ? KIND_SERVER : stream;
  } else {
    snprintf(wrong, room, "a handle of the type '%.*s'",
             (int)(line->type_size < 20 ? line->type_size : 20), line->type);
    return KIND_NONE;
  }
  snprintf(wrong, room, "another kind than its type '%.*s'",
           (int)(line->type_size < 20 ? line->type_size : 20), line->type);
  return KIND_NONE;
}
