import CZlib

/// The gzip format.
///
/// https://datatracker.ietf.org/doc/html/rfc1952
enum Gzip {
    enum Failure: Error { case invalid, tooLong }

    /// The first bytes of the format: its magic number, and deflate as the method.
    static let magic: [UInt8] = [0x1f, 0x8b, 8]

    /// One gzip member with this content.
    static func compressed(_ content: [UInt8]) -> [UInt8] {
        let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        state.initialize(to: z_stream())
        defer { state.deallocate() }
        let started = deflateInit2_(
            state, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            CInt(MemoryLayout<z_stream>.size))
        precondition(started == Z_OK, "zlib has no memory")
        defer { deflateEnd(state) }
        var (input, output) = (
            content, [UInt8](repeating: 0, count: Int(deflateBound(state, UInt(content.count))))
        )
        let count = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                state.pointee.next_in = input.baseAddress
                state.pointee.avail_in = UInt32(input.count)
                state.pointee.next_out = output.baseAddress
                state.pointee.avail_out = UInt32(output.count)
                let ended = deflate(state, Z_FINISH)
                precondition(ended == Z_STREAM_END, "the bound leaves room for all of it")
                return output.count - Int(state.pointee.avail_out)
            }
        }
        return Array(output.prefix(count))
    }

    /// The largest window (15), in gzip's format (16).
    private static let window: CInt = 15 + 16

    /// The content of one gzip member.
    /// - Parameter limit: the maximum size of the content, in bytes: deflate compresses a thousandfold.
    /// - Throws: ``Failure``, also where something follows the member.
    static func content(of compressed: [UInt8], limit: Int) throws -> [UInt8] {
        // zlib stores the address of its state, so it must not move.
        let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        state.initialize(to: z_stream())
        defer { state.deallocate() }
        guard inflateInit2_(state, window, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw Failure.invalid
        }
        defer { inflateEnd(state) }
        var input = compressed
        return try input.withUnsafeMutableBufferPointer { input in
            state.pointee.next_in = input.baseAddress
            state.pointee.avail_in = UInt32(input.count)
            var content: [UInt8] = []
            var part = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let (status, count) = part.withUnsafeMutableBufferPointer { part in
                    state.pointee.next_out = part.baseAddress
                    state.pointee.avail_out = UInt32(part.count)
                    let status = inflate(state, Z_NO_FLUSH)
                    return (status, part.count - Int(state.pointee.avail_out))
                }
                content += part.prefix(count)
                guard content.count <= limit else { throw Failure.tooLong }
                if status == Z_STREAM_END, state.pointee.avail_in == 0 { return content }
                // An incomplete input makes no progress (Z_BUF_ERROR).
                guard status == Z_OK else { throw Failure.invalid }
            }
        }
    }
}
