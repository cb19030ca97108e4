/// How full the volume is that keeps BuildKit's cache, in bytes.
public struct CacheUse: Codable, Equatable, Sendable {
    public var used: Int
    public var free: Int

    public init(used: Int, free: Int) {
        self.used = used
        self.free = free
    }
}
