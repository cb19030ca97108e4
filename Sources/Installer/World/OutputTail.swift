/// The end of what a tool printed: all of it, unless it is more than anybody could use.
struct OutputTail {
    /// How much is kept, in bytes.
    static let limit = 4 << 20

    private var bytes: [UInt8] = []

    mutating func append(_ more: [UInt8]) {
        bytes.append(contentsOf: more)
        // Cut only now and then: moving four megabytes for every piece would take longer than the tool.
        if bytes.count > 2 * Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
    }

    var text: String { String(decoding: bytes.suffix(Self.limit), as: UTF8.self) }
}
