#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where the user's home is. Keys are kept below it, so it is never guessed.
public enum HomeFolder {
    /// `HOME`, or what the system's list of users says.
    public static func path(in environment: [String: String]) throws(InstallerError) -> String {
        try path(
            in: environment,
            listed: getpwuid(getuid()).flatMap { $0.pointee.pw_dir.map { String(cString: $0) } })
    }

    /// - Parameter listed: the home folder that the system's list of users has for the user; nil: the user is not in it.
    static func path(in environment: [String: String], listed: String?) throws(InstallerError) -> String {
        let hint = "Set it: HOME=/path/to/folder buildkit-installer …"
        if let given = environment["HOME"], !given.isEmpty {
            guard given.hasPrefix("/") else {
                throw InstallerError("HOME is \(given), which is no absolute path", hint: hint)
            }
            return given
        }
        guard let listed, listed.hasPrefix("/"), listed != "/" else {
            throw InstallerError(
                "HOME is not set, and this user has no home folder, so there is no place for certificates",
                hint: hint)
        }
        return listed
    }
}
