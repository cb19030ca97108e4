import FoundationEssentials

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension Error {
    /// Why the system refused, in its own few words: "Permission denied".
    var reason: String {
        guard let error = self as? CocoaError else { return "\(self)" }
        if let cause = error.userInfo["NSUnderlyingError"] as? POSIXError {
            return String(cString: strerror(cause.code.rawValue))
        }
        switch error.code {
        case .fileNoSuchFile, .fileReadNoSuchFile: return String(cString: strerror(ENOENT))
        case .fileReadNoPermission, .fileWriteNoPermission: return String(cString: strerror(EACCES))
        case .fileWriteOutOfSpace: return String(cString: strerror(ENOSPC))
        default: return "file error \(error.code.rawValue)"
        }
    }
}
