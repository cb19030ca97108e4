import FoundationEssentials

/// How thoroughly tests kill the program: at some points of each command, or with `KILLS=all` at every one, which takes
/// hours.
public enum Kills {
    public static let areAll = ProcessInfo.processInfo.environment["KILLS"] == "all"
}
