import LabSupport
import Testing

/// Something that keeps builds from going through, or may: how it comes about, and what the doctor is to say.
struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The layers that are broken, and those that are not as they should be.
    let broken: [String]
    let doubtful: [String]
    /// A part of the cause or its evidence.
    let says: String
    /// Brings it about, lets the doctor look, and takes it back where it concerns others.
    let happen:
        @Sendable (inout Patient, _ look: @Sendable (Patient) async throws -> Void) async throws -> Void

    init(
        _ description: String, broken: [String] = [], doubtful: [String] = [], says: String,
        whileIt happen:
            @escaping @Sendable (inout Patient, @Sendable (Patient) async throws -> Void)
            async throws -> Void
    ) {
        testDescription = description
        self.broken = broken
        self.doubtful = doubtful
        self.says = says
        self.happen = happen
    }

    /// One that concerns the patient alone.
    init(
        _ description: String, broken: [String] = [], doubtful: [String] = [], says: String,
        by harm: @escaping @Sendable (inout Patient) async throws -> Void
    ) {
        self.init(description, broken: broken, doubtful: doubtful, says: says) { patient, look in
            try await harm(&patient)
            try await look(patient)
        }
    }

    static let all = files + machine + way + behind + cluster
}
