import FoundationEssentials

/// Whether a process still runs. One that has ended and waits to be collected does not.
func isRunning(_ process: Int) -> Bool {
    guard let text = try? String(contentsOf: URL(filePath: "/proc/\(process)/stat"), encoding: .utf8),
        let end = text.lastIndex(of: ")")
    else { return false }
    return !["Z", "X"].contains(text[text.index(after: end)...].split(separator: " ").first)
}
