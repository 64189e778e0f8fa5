// The Node addon: `new Core().call(headJson, bytes)` answers with a promise of `{ head, bytes }`.
#include "core.hpp"
#include "descriptor.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <napi.h>
#include <sys/file.h>

namespace {

using tracerig::Core;
using tracerig::json;
using tracerig::Message;

/** One call on a thread of its own: `wait` may take minutes, and Node's pool has only a few workers. */
class Call {
public:
  static Napi::Promise start(Napi::Env env, std::shared_ptr<Core> core, Message request) {
    auto deferred = std::make_shared<Napi::Promise::Deferred>(env);
    auto done = Napi::ThreadSafeFunction::New(env, Napi::Function::New(env, [](const Napi::CallbackInfo &) {}),
                                              "tracerig call", 0, 1);
    std::thread([core = std::move(core), request = std::move(request), deferred, done]() mutable {
      auto *answer = new Message(core->call(request));
      core.reset();
      done.BlockingCall(answer, [deferred](Napi::Env env, Napi::Function, Message *answer) {
        std::unique_ptr<Message> owned(answer);
        Napi::Object result = Napi::Object::New(env);
        result["head"] = Napi::String::New(env, owned->head.dump(-1, ' ', false, json::error_handler_t::replace));
        result["bytes"] = Napi::Buffer<char>::Copy(env, owned->bytes.data(), owned->bytes.size());
        deferred->Resolve(result);
      });
      done.Release();
    }).detach();
    return deferred->Promise();
  }
};

class CoreObject : public Napi::ObjectWrap<CoreObject> {
public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Core",
                       {InstanceMethod<&CoreObject::call>("call"), InstanceMethod<&CoreObject::lock>("lock"),
                        InstanceMethod<&CoreObject::close>("close")});
  }
  explicit CoreObject(const Napi::CallbackInfo &info) : Napi::ObjectWrap<CoreObject>(info) {}

private:
  Napi::Value call(const Napi::CallbackInfo &info) {
    if (!core_)
      throw Napi::Error::New(info.Env(), "the core was closed");
    Message request;
    request.head = json::parse(info[0].As<Napi::String>().Utf8Value(), nullptr, false);
    if (!request.head.is_object())
      throw Napi::TypeError::New(info.Env(), "a call is a JSON object");
    if (info.Length() > 1 && info[1].IsTypedArray()) {
      auto bytes = info[1].As<Napi::Uint8Array>();
      request.bytes.assign(reinterpret_cast<const char *>(bytes.Data()), bytes.ByteLength());
    }
    return Call::start(info.Env(), core_, std::move(request));
  }

  /** Takes the lock on a file until `close` or the process's end; false if another holds it. */
  Napi::Value lock(const Napi::CallbackInfo &info) {
    std::string path = info[0].As<Napi::String>().Utf8Value();
    tracerig::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file)
      throw Napi::Error::New(info.Env(), "open " + path + ": " + std::strerror(errno));
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK)
        return Napi::Boolean::New(info.Env(), false);
      throw Napi::Error::New(info.Env(), "lock " + path + ": " + std::strerror(errno));
    }
    lock_ = std::move(file);
    return Napi::Boolean::New(info.Env(), true);
  }

  /**
   * Ends the processes in the fence, so that no call waits for them any more, and lets go of the core: programs are
   * detached as soon as no call uses it.
   */
  void close(const Napi::CallbackInfo &) {
    if (core_)
      core_->leave();
    core_.reset();
    lock_.reset();
  }

  std::shared_ptr<Core> core_ = std::make_shared<Core>();
  tracerig::Descriptor lock_;
};

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports.Set("Core", CoreObject::define(env));
  return exports;
}

} // namespace

NODE_API_MODULE(tracerig, init)
