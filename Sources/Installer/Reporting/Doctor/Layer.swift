/// One thing that has to hold so that a build goes through: a sentence that should be true, and how it is judged.
public struct Layer: Identifiable, Sendable {
    public let id: String
    /// What is looked at: "the server's certificate".
    public let title: String
    /// Without these it cannot hold, so that it is passed over where one of them does not.
    let needs: [String]
    /// Pure: the same symptoms always give the same verdict.
    let judge: @Sendable (Symptoms) -> LayerVerdict

    init(
        _ id: String, _ title: String, needs: [String] = [],
        judge: @escaping @Sendable (Symptoms) -> LayerVerdict
    ) {
        self.id = id
        self.title = title
        self.needs = needs
        self.judge = judge
    }
}
