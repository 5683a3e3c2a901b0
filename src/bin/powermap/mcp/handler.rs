//! What the server of the protocol answers to each request.

use crate::door::atlas::Atlas;
use crate::mcp::stdio::Gate;
use crate::mcp::{call, prompts, resources, tools};
use powermap::Lang;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, GetPromptRequestParams,
    GetPromptResponse, Implementation, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams,
    ReadResourceResponse, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// What assistants are told about the server.
const INSTRUCTIONS: &str = "\
powermap answers questions about a map of power: who owns, funds, supplies and steers whom, in which deal, for how much, since \
when, and who says so. Every row of an answer has an `evidence` list: the claims that it rests on, each with its document and \
the place in it; `claims` and `documents` say what they are. Cite these. Amounts are intervals: `lower` or `upper` is null where \
the sources leave that side open (\"up to\" has no lower bound); null is never zero. Statuses matter: announced or planned money \
is not paid money. `as_of` looks at the board of a day, `known_by` counts only what was said by a day. Start with `search` for \
the id of a player, `show` for everything about one, the analyses (loops, control, dependence, exposure, standing, paths, \
conflicts, timeline, diff, what_if) for questions about all, `ask` for the named queries, `query` for SPARQL. An answer that is \
too long says in `left_out` what is missing and how to get it.";

/// The number of calls that are worked on at once; others wait.
const AT_ONCE: usize = 4;

/// A server of the protocol.
#[derive(Clone)]
pub(crate) struct Handler {
    atlas: Arc<Atlas>,
    tools: Arc<Vec<Tool>>,
    gate: Arc<Gate>,
    turns: Arc<Semaphore>,
    lang: Lang,
}

impl Handler {
    pub(crate) fn new(atlas: Arc<Atlas>, lang: Lang) -> Self {
        Self {
            atlas,
            tools: Arc::new(tools::all()),
            gate: Arc::default(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            lang,
        }
    }

    /// Returns what counts the calls that wait.
    pub(super) fn gate(&self) -> Arc<Gate> {
        Arc::clone(&self.gate)
    }

    /// Does work on a thread of its own, when it is its turn.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Atlas, Lang) -> T + Send + 'static,
    ) -> Result<T, ErrorData> {
        let failed =
            |error: &dyn std::fmt::Display| ErrorData::internal_error(error.to_string(), None);
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|error| failed(&error))?;
        let (atlas, lang) = (Arc::clone(&self.atlas), self.lang);
        let work = tokio::task::spawn_blocking(move || {
            let done = work(&atlas, lang);
            drop(turn);
            done
        });
        work.await.map_err(|error| failed(&error))
    }
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_resources()
            .enable_prompts()
            .build();
        ServerConfig::new(capabilities)
            .with_server_info(Implementation::new("powermap", env!("CARGO_PKG_VERSION")))
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(self.tools.to_vec()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.tools.iter().find(|tool| tool.name == name).cloned()
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let _waiting = self.gate.call();
        if self.get_tool(&request.name).is_none() {
            let names: Vec<_> = self.tools.iter().map(|tool| tool.name.as_ref()).collect();
            let message = format!(
                "there is no tool {}: expected one of {}",
                request.name,
                names.join(", ")
            );
            return Err(ErrorData::invalid_params(message, None));
        }
        let arguments = request.arguments.unwrap_or_default();
        let result = self
            .work(move |atlas, lang| call::call(atlas, &request.name, &arguments, lang))
            .await?;
        Ok(CallToolResult::into(result))
    }

    async fn list_resources(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        Ok(ListResourcesResult::with_all_items(resources::all()))
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(
            resources::templates(),
        ))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let _waiting = self.gate.call();
        let read = self
            .work(move |atlas, lang| resources::read(atlas, &request.uri, lang))
            .await??;
        Ok(read.into())
    }

    async fn list_prompts(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Ok(ListPromptsResult::with_all_items(prompts::all()))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        Ok(prompts::get(&request.name, &arguments)?.into())
    }
}
