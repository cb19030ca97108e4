import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A TCP port of the loopback address on which no process listens.
///
/// It is below the kernel's range of ephemeral ports, so that no outgoing connection takes it before the test does;
/// and no other test gets it, even if this test does not listen yet.
public func freePort() throws(LabFailure) -> Int {
    let port: Int? = next.withLock { next in
        for _ in ports {
            next = next + 1 < ports.upperBound ? next + 1 : ports.lowerBound
            if canListen(on: next) { return Int(next) }
        }
        return nil
    }
    guard let port else { throw LabFailure("No port of \(ports) is free.") }
    return port
}

private let ports: Range<UInt16> = 20_000..<32_000
/// The starting points of other processes are unknown.
private let next = Mutex(UInt16.random(in: ports))

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
