/// An event of a step as the installer writes it with `--output json`: the part of the line that says what has happened
/// to which step.
public func reportedEvent(_ event: String, ofStep step: String) -> String {
    #""event":"\#(event)","schemaVersion":1,"step":"\#(step)""#
}
