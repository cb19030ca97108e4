/// Why a part of the lab could not be used, as a sentence.
public struct LabFailure: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
