-- A user's session in Neovim: open a post, see what is found, take the first code action, undo, type.
-- Built-in client only. What happened is written as JSON; the buffer's text is read from the buffer.
local python, post, results = vim.env.DETECTOR_PYTHON, vim.env.DETECTOR_POST, vim.env.DETECTOR_RESULTS
local patience = 120000
local said = { titles = {} }

vim.cmd("edit " .. vim.fn.fnameescape(post))
vim.bo.filetype = "markdown"
local client = vim.lsp.start_client({
  name = "detector",
  cmd = { python, "-m", "detector", "lsp" },
  root_dir = vim.fn.fnamemodify(post, ":h"),
})
vim.lsp.buf_attach_client(0, client)

local function found(count)
  return vim.wait(patience, function()
    local listed = vim.tbl_filter(function(each) return each.code == "recommendation" end, vim.diagnostic.get(0))
    return #listed == count
  end, 50)
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
end

-- The user picks the first of the offered actions.
vim.ui.select = function(items, _, choose)
  for _, item in ipairs(items) do
    table.insert(said.titles, (item[2] or item.action).title)
  end
  choose(items[1], 1)
end

said.seen = found(1)
local shown = vim.tbl_filter(function(each) return each.code == "recommendation" end, vim.diagnostic.get(0))
said.diagnostics = vim.tbl_map(function(each)
  return { line = each.lnum, column = each.col, end_column = each.end_col, message = each.message, source = each.source }
end, shown)
if shown[1] then
  vim.api.nvim_win_set_cursor(0, { shown[1].lnum + 1, shown[1].col })
  local before = vim.api.nvim_buf_get_changedtick(0)
  vim.lsp.buf.code_action()
  vim.wait(patience, function() return vim.api.nvim_buf_get_changedtick(0) ~= before end, 50)
end
said.mended = text()
said.gone = found(0)
vim.cmd("undo")
said.undone = text()
said.back = found(1)
vim.api.nvim_buf_set_lines(0, 0, 1, false, { "🚀𝒂 Wait for the pullback to buy NVDA." })
said.typed = found(2)
local hover = vim.lsp.buf_request_sync(0, "textDocument/hover", vim.lsp.util.make_position_params(0, "utf-16"), patience)
local _, answer = next(hover or {})
said.hover = answer and answer.result and answer.result.contents.value or ""
vim.lsp.stop_client(client)
said.stopped = vim.wait(patience, function() return vim.lsp.client_is_stopped(client) end, 50)
vim.fn.writefile({ vim.fn.json_encode(said) }, results)
vim.cmd("qall!")
