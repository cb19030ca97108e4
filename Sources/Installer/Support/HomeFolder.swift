#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The user's home folder. Keys are stored below it, so it is never guessed.
public enum HomeFolder {
    /// `HOME`, otherwise the entry in the system's user database.
    public static func path(in environment: [String: String]) throws(InstallerError) -> String {
        try path(
            in: environment,
            listed: getpwuid(getuid()).flatMap { $0.pointee.pw_dir.map { String(cString: $0) } })
    }

    /// - Parameter listed: the home folder in the system's user database, which may be on another machine; nil: the user has no
    ///   entry.
    static func path(
        in environment: [String: String], listed: @autoclosure () -> String?
    ) throws(InstallerError) -> String {
        let hint = "Set it: HOME=/path/to/directory buildkit-installer …"
        if let given = environment["HOME"], !given.isEmpty {
            guard given.hasPrefix("/") else {
                throw InstallerError("HOME is \(given), which is not an absolute path", hint: hint)
            }
            return given
        }
        guard let listed = listed(), listed.hasPrefix("/"), listed != "/" else {
            throw InstallerError(
                "HOME is not set, and this user has no home directory to store certificates in",
                hint: hint)
        }
        return listed
    }
}
