#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A TCP port of the loopback address on which nobody listens.
///
/// Taken at random from below the range out of which the kernel serves outgoing connections, so that none of those
/// takes it before the test does.
public func freePort() throws(LabFailure) -> Int {
    for _ in 0..<1000 {
        let port = UInt16.random(in: 20_000..<32_000)
        if canListen(on: port) { return Int(port) }
    }
    throw LabFailure("No port between 20000 and 32000 is free.")
}

private func canListen(on port: UInt16) -> Bool {
    #if canImport(Glibc)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafeBytes(of: &address) { bytes in
        bytes.withMemoryRebound(to: sockaddr.self) { rebound in
            bind(descriptor, rebound.baseAddress, socklen_t(bytes.count)) == 0
        }
    }
}
