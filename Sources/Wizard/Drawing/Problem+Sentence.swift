import Installer

extension Problem {
    /// What is wrong, without the name of the field that it stands below.
    var sentence: String {
        let subject = origin.map { "\($0): " } ?? ""
        // Some messages are whole sentences.
        let reason = message.hasSuffix(".") ? String(message.dropLast()) : message
        return subject + reason + (example.map { ", as in '\($0)'" } ?? "")
    }
}
